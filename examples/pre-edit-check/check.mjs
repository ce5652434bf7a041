import { execFileSync } from "node:child_process";
import { text } from "node:stream/consumers";

/** A check for guard.ts: put your own rules here. */
const { files, diff } = JSON.parse(await text(process.stdin));

/** @type {[boolean, string][]} */
const rules = [
  [branch() === "main", "Work on a branch, not on main: git switch -c <name>."],
  [files.some((file) => /(^|\/)package-lock\.json$/.test(file)), "Lockfiles are made by npm: run npm install instead."],
  [files.some((file) => /\.gen\.\w+$/.test(file)), "This file is generated: change what it is generated from."],
  [
    /^\+.*(AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY)/m.test(diff ?? ""),
    "This adds what looks like a key: read it from the environment.",
  ],
];

const objections = rules.filter(([broken]) => broken).map(([, reason]) => reason);
console.log(objections.join("\n"));
process.exitCode = objections.length > 0 ? 1 : 0;

function branch() {
  try {
    return execFileSync("git", ["branch", "--show-current"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
