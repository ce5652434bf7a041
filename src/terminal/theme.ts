export type Style = (text: string) => string;

/** How text looks. Without colour it stays bold, dim and underlined: NO_COLOR asks for no more than that. */
export interface Theme {
  bold: Style;
  dim: Style;
  italic: Style;
  underline: Style;
  strike: Style;
  inverse: Style;
  accent: Style;
  good: Style;
  bad: Style;
  warning: Style;
  code: Style;
}

export function createTheme(colour: boolean): Theme {
  const plain = (text: string) => text;
  const coloured = (code: number) => (colour ? style(code, 39) : plain);
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    italic: style(3, 23),
    underline: style(4, 24),
    strike: style(9, 29),
    inverse: style(7, 27),
    accent: coloured(36),
    good: coloured(32),
    bad: coloured(31),
    warning: coloured(33),
    code: coloured(33),
  };
}

/** What is styled inside keeps its style: where an inner one ends, the outer begins again. */
function style(open: number, close: number): Style {
  const [begin, end] = [`\u001b[${open}m`, `\u001b[${close}m`];
  return (text) => (text === "" ? "" : `${begin}${text.replaceAll(end, `${end}${begin}`)}${end}`);
}
