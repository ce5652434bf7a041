import { readFile } from "node:fs/promises";
import path from "node:path";

/** By its path rustfmt would rewrite every module below the file too; what comes from a pipe stands alone. */
const alone = 'out=$(mktemp) && trap \'rm -f "$out"\' EXIT && "$0" --edition "$1" <"$2" >"$out" && cat "$out" >"$2"';

/** rustfmt takes the language of 2015 unless told, and does not look into Cargo.toml by itself. */
export async function rustfmtCommand(place: { program: string; directory: string; file: string }): Promise<string[]> {
  const { program, directory, file } = place;
  const manifest = await readFile(path.join(directory, "Cargo.toml"), "utf8").catch(() => "");
  const edition = /^\s*edition\s*=\s*"(\d{4})"/m.exec(manifest)?.[1] ?? "2021";
  if (process.platform === "win32") return [program, "--edition", edition, file];
  return ["/bin/sh", "-c", alone, program, edition, file];
}
