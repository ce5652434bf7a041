import type { ConfigSetting } from "../schema/setting.ts";
import type { Host } from "./env.ts";
import type { ServeFlags } from "./flags.ts";

interface Setting {
  key: string;
  flag?: keyof ServeFlags;
  variable?: string;
  standard?: unknown;
  secret?: boolean;
}

/** What is said by flags and variables, and not only in files. */
const settings: Setting[] = [
  { key: "server.port", flag: "port", standard: 4096 },
  { key: "server.hostname", flag: "hostname", standard: "127.0.0.1" },
  { key: "server.mdns", flag: "mdns", standard: false },
  { key: "server.mdnsDomain", flag: "mdns-domain", standard: "opencode.local" },
  { key: "server.cors", flag: "cors" },
  { key: "logLevel", flag: "log-level", standard: "info" },
  { key: "server.resume", flag: "resume", standard: "off" },
  { key: "server.limits.turns", flag: "max-turns", standard: 16 },
  { key: "roots", flag: "root" },
  { key: "allowed-host", flag: "allowed-host" },
  { key: "base-path", flag: "base-path" },
  { key: "tls-cert", flag: "tls-cert" },
  { key: "tls-key", flag: "tls-key" },
  { key: "unsafe-no-password", flag: "unsafe-no-password", standard: false },
  { key: "print-logs", flag: "print-logs", standard: false },
  { key: "database", flag: "db", variable: "CODEPORT_DB", standard: "in the data directory" },
  { key: "password", variable: "OPENCODE_SERVER_PASSWORD", secret: true },
  { key: "username", variable: "OPENCODE_SERVER_USERNAME", standard: "opencode" },
];

/** The settings of the files, with what flags and variables of this call say over them, and what holds where nobody says anything. */
export function ownSettings(written: ConfigSetting[], flags: ServeFlags, { variables }: Pick<Host, "variables">): ConfigSetting[] {
  const own = settings.map((setting) => decide(setting, { written: written.find(({ key }) => key === setting.key), flags, variables }));
  return [...own, ...written.filter(({ key }) => !settings.some((setting) => setting.key === key))];
}

interface Sources {
  written: ConfigSetting | undefined;
  flags: ServeFlags;
  variables: NodeJS.ProcessEnv;
}

/** The strongest that says something, and the others that do. */
function decide({ key, flag, variable, standard, secret = false }: Setting, { written, flags, variables }: Sources): ConfigSetting {
  const said = [
    { source: `flag --${flag}`, value: flag && flags[flag] },
    { source: `environment ${variable}`, value: (variable && variables[variable]) || undefined },
    { source: written?.source ?? "", value: written?.value },
  ].filter(({ value }) => value !== undefined);
  const [first = { source: "default", value: standard }, ...others] = said;
  const overruled = [...others.map(({ source }) => source), ...(written?.overruled ?? [])];
  return { key, ...(!secret && { value: first.value }), secret: secret && said.length > 0, source: first.source, overruled };
}
