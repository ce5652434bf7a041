/** What every bot is told by the environment; what is missing ends the program with one line. */
export interface BotSettings {
  url: string;
  password?: string;
  users: ReadonlySet<string>;
  approvers: ReadonlySet<string>;
  journal: string;
}

export function botSettings(name: string): BotSettings {
  const {
    CODEPORT_URL: url = "http://127.0.0.1:4096",
    OPENCODE_SERVER_PASSWORD: password,
    BOT_JOURNAL: journal = `${name}.journal`,
  } = process.env;
  const users = listOf(required("BOT_USERS"));
  const approvers = process.env.BOT_APPROVERS === undefined ? users : listOf(process.env.BOT_APPROVERS);
  return { url, password, users, approvers, journal };
}

export function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  console.error(`Set ${name}; README.md says to what.`);
  return process.exit(2);
}

/** Until Ctrl-C or the service manager says so. */
export function untilStopped(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

function listOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/[\s,]+/).filter((word) => word !== ""));
}
