import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "vite";
import { writeFonts } from "./fonts.ts";
import { fonts } from "./vite.config.ts";

/**
 * Builds the web interface into `dist/web`, its files compressed beside themselves as they are sent. What it was built from last time is kept
 * with what came of it, so that a build without a change only copies.
 */
const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const page = path("node_modules/.cache/codeport-web/page");
const stamp = path("node_modules/.cache/codeport-web/stamp");
const output = path("dist/web");

const compressible = /\.(js|css|svg|json|webmanifest|txt)$/;
const fewBytes = 1_000;

const version = sourceHash();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== version) {
  rmSync(stamp, { force: true });
  await writeFonts(fonts);
  await build({ configFile: path("web/vite.config.ts"), logLevel: "warn" });
  await Promise.all(filesIn(page).map(compress));
  writeFileSync(stamp, version);
}
rmSync(output, { recursive: true, force: true });
cpSync(page, output, { recursive: true });

/** Of everything that the page is made from. */
function sourceHash(): string {
  const hash = createHash("sha256");
  const sources = [...filesIn(path("web")), ...filesIn(path("src/client")), path("package-lock.json")];
  for (const source of sources.sort()) hash.update(source).update("\0").update(readFileSync(source)).update("\0");
  return hash.digest("hex");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (!compressible.test(file) || bytes.byteLength < fewBytes) return;
  // The highest quality takes ten times as long for a twentieth less.
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: bytes.byteLength > 300_000 ? 9 : 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
  };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
