/** Stands in for the highlighters that diffs could use instead of ours. */
export const HighlightsHighlighter = undefined;
export const createOnigurumaEngine = undefined;
