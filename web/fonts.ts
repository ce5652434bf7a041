import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const sheet = fileURLToPath(new URL("src/font.css", import.meta.url));
/** The interface's weights: normal text to semibold headings. */
const weights = { wght: { min: 400, max: 600, default: 400 } };

/** Writes the fonts that the style sheet names into a folder, each with the letters of its range and the weights that are used: half of what they were. */
export async function writeFonts(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const faces = readFileSync(sheet, "utf8").matchAll(/url\("([^"]+)"\)[^}]*unicode-range:([^;]+);/g);
  for (const [, name = "", ranges = ""] of faces) {
    const font = readFileSync(createRequire(sheet).resolve(name));
    const letters = ranges.split(",").map(lettersOf).join("");
    const subset = await subsetFont(font, letters, { targetFormat: "woff2", variationAxes: weights });
    writeFileSync(join(folder, basename(name)), subset);
  }
}

/** All of `U+0041-005A`. */
function lettersOf(range: string): string {
  const [first = 0, last = first] = range
    .trim()
    .slice(2)
    .split("-")
    .map((code) => Number.parseInt(code, 16));
  return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join("");
}
