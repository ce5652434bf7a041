import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { faultOf } from "../../db/backup.ts";
import { isNewer } from "../../db/version.ts";
import type { Paths } from "../config/config.ts";
import type { Finding } from "../schema/doctor.ts";

const execute = promisify(execFile);
const leastNode = [22, 18] as const;
const defaultPort = 4096;

/** `version`: of Node, as in `24.1.0`. */
export function checkRuntime(version: string): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  const message = isNew ? version : `${version} is too old: codeport needs ${leastNode.join(".")} or newer.`;
  return [{ check: "node", status: isNew ? "ok" : "fail", message }];
}

export async function checkPrograms(variables: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { rgPath } = await import("@vscode/ripgrep");
  return [
    await versionOf("git", { file: "git", variables, without: "Sessions work, but there is no undo, no diff and no project identity." }),
    await versionOf("ripgrep", { file: rgPath, variables, without: "Search does not work: the package is not completely installed." }),
  ];
}

async function versionOf(
  check: string,
  { file, variables, without }: { file: string; variables: NodeJS.ProcessEnv; without: string },
): Promise<Finding> {
  try {
    const { stdout } = await execute(file, ["--version"], { env: variables, timeout: 10_000 });
    return { check, status: "ok", message: stdout.split("\n")[0] ?? "" };
  } catch {
    return { check, status: check === "git" ? "warn" : "fail", message: `${file} does not run. ${without}` };
  }
}

/** Those that hold sessions and keys; what is not there yet is made when it is needed. */
export async function checkDirectories({ data, credentials, state }: Paths): Promise<Finding[]> {
  const findings = await Promise.all([directory("data directory", data), directory("state directory", state), secret(credentials)]);
  return findings.flat();
}

/** It is made in a directory that is there, and that has to be one. */
async function notMadeYet(check: string, path: string): Promise<Finding[]> {
  let above = dirname(path);
  while (!existsSync(above)) above = dirname(above);
  if ((await stat(above)).isDirectory()) return [{ check, status: "ok", message: `${path} (not made yet)` }];
  return [{ check, status: "fail", message: `${path} cannot be made: ${above} is not a directory.` }];
}

async function directory(check: string, path: string): Promise<Finding[]> {
  if (!existsSync(path)) return notMadeYet(check, path);
  const writable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  return [writable ? { check, status: "ok", message: path } : { check, status: "fail", message: `${path} cannot be written to.` }];
}

async function secret(path: string): Promise<Finding[]> {
  if (process.platform === "win32" || !existsSync(path)) return [];
  const open = ((await stat(path)).mode & 0o077) !== 0;
  if (!open) return [{ check: "credentials", status: "ok", message: path }];
  return [{ check: "credentials", status: "warn", message: `${path} can be read by others: chmod 600 ${path}` }];
}

/** Looks through the whole file, which may take a while for a large one. `largest`: bytes of the largest that is looked through. */
export async function checkStore(file: string, largest = Number.POSITIVE_INFINITY): Promise<Finding[]> {
  const check = "store";
  if (/^[a-z]{2,}:/i.test(file)) return [{ check, status: "ok", message: `${file} (not a file: not looked at)` }];
  if (!existsSync(file)) return notMadeYet(check, file);
  const { size } = await stat(file);
  if (size > largest)
    return [{ check, status: "ok", message: `${file} (${size} bytes, too many to look through here: codeport doctor does)` }];
  const fault = await faultOf(file);
  if (fault !== undefined)
    return [{ check, status: "fail", message: `${file} is damaged (${fault}). Move it away and put a backup in its place.` }];
  if (await isNewer(file))
    return [{ check, status: "fail", message: `${file} was written by a newer version of codeport: update codeport.` }];
  return [{ check, status: "ok", message: `${file} (${size} bytes, whole)` }];
}

export async function checkPort(): Promise<Finding[]> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(defaultPort, "127.0.0.1", () => server.close(() => resolve(true)));
  const message = (await promise)
    ? `${defaultPort} is free`
    : `${defaultPort} is taken, by a running server perhaps: choose another with --port.`;
  return [{ check: "port", status: message.endsWith("free") ? "ok" : "warn", message }];
}
