import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Relative path -> content. Folders on the way are made. */
export type Files = Record<string, string | Uint8Array>;

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** The tree on which OpenCode's answers about files were recorded (1.18.33). */
export const recordedFiles = {
  "docs/notes.md": "notes\n",
  "src/hello.ts": `export function hello(name: string) {\n  return \`hello \${name}\`\n}\n`,
  "src/index.ts": 'import { hello } from "./hello"\nconsole.log(hello("x"))\n',
  ".env": "SECRET=1\n",
  ".gitignore": ".env\nignored.txt\n",
  "data.bin": Buffer.from("AAECA//+AAk=", "base64"),
  "ignored.txt": "hello\n",
  "logo.png": Buffer.from(png, "base64"),
  "opencode.json": "{}\n",
  "README.md": "# Demo\n\nhello world\n",
};

/** A directory of its own, removed when it goes out of scope. */
export interface TestDirectory extends AsyncDisposable {
  /** Absolute, symlinks resolved. */
  path: string;
  /** The absolute path of something in it. */
  join(...names: string[]): string;
  write(files: Files): Promise<void>;
  /** The text of a file in it. */
  read(name: string): Promise<string>;
}

/** A repository of its own on branch `main`. Its root commit differs from every other's, and so does its project id. */
export interface TestRepository extends TestDirectory {
  /** Runs git in it, without the machine's hooks and signing; gives its stdout, trimmed. */
  git(...args: string[]): Promise<string>;
  /** Commits everything that is there. */
  commit(message?: string): Promise<void>;
}

/** `await using directory = await temporaryDirectory({ files: { "a.txt": "hello\n" } })` */
export async function temporaryDirectory(options: { files?: Files } = {}): Promise<TestDirectory> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "codeport-test-")));
  const directory: TestDirectory = {
    path,
    join: (...names) => join(path, ...names),
    write: (files) => writeFiles(path, files),
    read: (name) => readFile(join(path, name), "utf8"),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
  await directory.write(options.files ?? {});
  return directory;
}

/** `await using repository = await gitRepository({ files })`: one commit with the files; none at all with `commit: false`. */
export async function gitRepository(options: { files?: Files; commit?: boolean } = {}): Promise<TestRepository> {
  const directory = await temporaryDirectory(options);
  const git = (...args: string[]): Promise<string> => runGit(directory.path, args);
  const commit = async (message = "change"): Promise<void> => {
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", message);
  };
  await git("init", "--quiet", "--template=", "--initial-branch=main");
  if (options.commit !== false) await commit(`first ${randomUUID()}`);
  return { ...directory, git, commit };
}

async function writeFiles(path: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
}

async function runGit(path: string, args: string[]): Promise<string> {
  const settings = ["user.name=Test", "user.email=test@example.com", "commit.gpgsign=false", `core.hooksPath=${devNull}`];
  // Inside a git hook these would lead git back to the repository that is being tested.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const { stdout } = await execute("git", [...settings.flatMap((setting) => ["-c", setting]), ...args], { cwd: path, env });
  return stdout.trim();
}
