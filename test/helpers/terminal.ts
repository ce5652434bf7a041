import { type IPty, spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { onTestFailed } from "vitest";

export interface TestTerminalOptions {
  file: string;
  words: string[];
  env: NodeJS.ProcessEnv;
  directory: string;
  /** 100 × 30 unless told. */
  columns?: number;
  rows?: number;
}

/** A program in a real pseudo-terminal, its output drawn by a real terminal emulator. Killed when it goes out of scope; a test that fails tells what was on the screen. */
export interface TestTerminal extends AsyncDisposable {
  pid: number;
  /** What a person sees, without blanks at the ends of lines. */
  screen(): string;
  /** All bytes that came. */
  output(): string;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Resolves with the screen as soon as it matches; rejects with it when the program ends before. */
  shows(pattern: RegExp | ((screen: string) => boolean)): Promise<string>;
  /** Whether the alternate screen is shown. */
  isAlternate(): boolean;
  exited: Promise<{ code: number }>;
  kill(signal: NodeJS.Signals): void;
}

export function openTestTerminal({ file, words, env, directory, columns = 100, rows = 30 }: TestTerminalOptions): TestTerminal {
  const emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const pty = spawn(file, words, { name: "xterm-256color", cols: columns, rows, cwd: directory, env });
  const looks = new Set<() => void>();
  let output = "";
  let over = false;
  const look = () => {
    for (const one of [...looks]) one();
  };
  pty.onData((data) => {
    output += data;
    emulator.write(data, look);
  });
  // The terminal answers what the program asks it.
  emulator.onData((answer) => pty.write(answer));
  const exited = end(pty).then((code) => {
    over = true;
    // What is written before is drawn first.
    emulator.write("", look);
    return { code };
  });
  const screen = () => screenOf(emulator);
  onTestFailed(() => console.error(`The screen of ${words.slice(1).join(" ")} is:\n${screen()}`));
  return {
    pid: pty.pid,
    screen,
    output: () => output,
    write: (text) => pty.write(text),
    resize(wide, high) {
      emulator.resize(wide, high);
      pty.resize(wide, high);
    },
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const matches = typeof pattern === "function" ? pattern : (text: string) => pattern.test(text);
        const check = () => {
          const text = screen();
          if (!matches(text) && !over) return;
          looks.delete(check);
          if (matches(text)) resolve(text);
          else reject(new Error(`The program ended and ${pattern} was not on the screen:\n${text}`));
        };
        looks.add(check);
        check();
      }),
    isAlternate: () => emulator.buffer.active.type === "alternate",
    exited,
    kill: (signal) => pty.kill(signal),
    async [Symbol.asyncDispose]() {
      if (!over) pty.kill("SIGKILL");
      await exited;
      emulator.dispose();
    },
  };
}

const end = (pty: IPty): Promise<number> => new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));

function screenOf(emulator: InstanceType<typeof headless.Terminal>): string {
  const { active } = emulator.buffer;
  const lines = Array.from({ length: emulator.rows }, (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "");
  return lines.join("\n").trimEnd();
}
