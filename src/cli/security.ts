import type { AuditTrail } from "../audit/audit.ts";
import type { TrustStore } from "../config/config.ts";
import type { TokenService } from "../token/token.ts";
import type { Host } from "./env.ts";
import { Failure } from "./failure.ts";

/** What the commands work on, straight in the store: servers that run on it see the changes at once. */
export interface Security {
  tokens: TokenService;
  audit: AuditTrail;
  trust: TrustStore;
}

/** Who stands in the audit trail for what is done here. */
export const commandLine = { name: "command line" };

/** What widens rights is not for the commands of an agent. One that hides where it comes from is not found here: its user may do all the same. */
export function requirePerson({ variables }: Host): void {
  if (variables.CODEPORT_TOOL === undefined) return;
  throw new Failure("permission", "This has to be done by a person: the command was started by a tool of an agent (CODEPORT_TOOL is set).");
}
