/** Stands in for the catalogues of themes that diffs bring: ours are registered. */
export const themes = { getTheme: () => undefined };
