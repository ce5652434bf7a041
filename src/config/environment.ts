import { markerName } from "../schema/process-marker.ts";

/** Names that carry this server's own secrets whatever they look like. */
const secretNames = new Set([
  "OPENCODE_SERVER_PASSWORD",
  "OPENCODE_SERVER_USERNAME",
  "OPENCODE_CONFIG_CONTENT",
  "OPENCODE_AUTH_CONTENT",
  "OPENCODE_API_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_BEARER_TOKEN_BEDROCK",
  "SSHPASS",
  "REDISCLI_AUTH",
]);

/** Keys of models, tokens, secrets and passwords, by the way they are named. */
const secretShapes = [
  /^CODEPORT_/,
  /(^|_)(API)?KEYS?$/,
  /(^|_)(TOKENS?|CREDENTIALS?|PASS|PAT)$|_PWD$/,
  /(PASSWORD|PASSWD|PASSPHRASE)$/,
  /(^|_)SECRETS?(_|$)/,
  /^OPENCODE_.*(KEY|TOKEN|SECRET|PASSWORD|AUTH)/,
];

/** Lists of names a user wants handed on all the same, as `GITHUB_TOKEN,PGPASSWORD`. */
const keepName = "CODEPORT_KEEP_ENV";

export interface ChildOptions {
  /** Identifies whose child it is (`schema/process-marker.ts`): set as `CODEPORT_TOOL`, so that what a server starts can be told from the user's own programs. */
  tool?: string;
}

/**
 * The environment of a child process (tool, MCP or language server, git): `env` without the server's secrets, which are
 * - the server's password, user name and inline configuration, and everything named `CODEPORT_…`;
 * - keys, tokens, secrets and passwords by their names (`…_KEY`, `…_TOKEN`, `…_SECRET…`, `…PASSWORD`, AWS access keys).
 * Everything else stays: PATH, HOME, LANG, proxies, `npm_…`, git's variables, SSH_AUTH_SOCK.
 * Names in `CODEPORT_KEEP_ENV` (comma-separated) stay too, save the server's own (`CODEPORT_…`, `OPENCODE_…`).
 */
export function childEnvironment(env: NodeJS.ProcessEnv, options: ChildOptions = {}): NodeJS.ProcessEnv {
  const kept = new Set((env[keepName] ?? "").split(",").map((name) => name.trim().toUpperCase()));
  const entries = Object.entries(env).filter(([name]) => isAllowed(name, kept));
  return options.tool === undefined ? Object.fromEntries(entries) : { ...Object.fromEntries(entries), [markerName]: options.tool };
}

// Windows does not tell cases apart in names, so neither does this.
function isAllowed(name: string, kept: Set<string>): boolean {
  const upper = name.toUpperCase();
  if (!isSecret(name, upper)) return true;
  return kept.has(upper) && !/^(CODEPORT|OPENCODE)_/.test(upper);
}

function isSecret(name: string, upper: string): boolean {
  // npm hands on its settings, and what a package says of itself.
  if (name.startsWith("npm_")) return /_(auth|authtoken|password)$/i.test(name);
  return secretNames.has(upper) || secretShapes.some((shape) => shape.test(upper));
}
