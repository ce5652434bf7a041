import { accessSync, constants } from "node:fs";
import path from "node:path";

const knownShells = ["bash", "zsh", "sh", "dash", "ksh"];

/**
 * How a command line is run: the user's shell (`SHELL`) if it speaks the common language, else bash, else sh; on Windows
 * the bash of Git, else cmd.
 */
export function shellCommand(command: string, environment: NodeJS.ProcessEnv): { file: string; args: string[] } {
  return process.platform === "win32" ? windowsShell(command, environment) : { file: unixShell(environment), args: ["-c", command] };
}

function unixShell(environment: NodeJS.ProcessEnv): string {
  const own = environment.SHELL;
  if (own && path.isAbsolute(own) && knownShells.includes(path.basename(own)) && runnable(own)) return own;
  return ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].find(runnable) ?? "/bin/sh";
}

function windowsShell(command: string, environment: NodeJS.ProcessEnv): { file: string; args: string[] } {
  const bash = [environment.ProgramFiles, environment.LOCALAPPDATA && `${environment.LOCALAPPDATA}\\Programs`]
    .filter((folder) => folder !== undefined && folder !== "")
    .map((folder) => `${folder}\\Git\\bin\\bash.exe`)
    .find(runnable);
  if (bash) return { file: bash, args: ["-c", command] };
  return { file: environment.ComSpec ?? "cmd.exe", args: ["/d", "/s", "/c", `"${command}"`] };
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there or not for us: the next shell is tried.
    return false;
  }
}
