import { openDatabase } from "../../db/client.ts";
import { createAudit } from "../audit/audit.ts";
import { homeOf, openTrust, paths } from "../config/config.ts";
import { createTokens } from "../token/token.ts";
import { audit } from "./audit.ts";
import type { Host } from "./env.ts";
import type { Management } from "./manage-flags.ts";
import { token } from "./token.ts";
import { trust } from "./trust.ts";

/** Runs a command that needs no server; resolves with its exit code. */
export async function manage(request: Management, host: Host): Promise<number> {
  const places = paths({ env: host.variables, home: homeOf(host.variables), platform: process.platform });
  await using database = await openDatabase(request.flags.db ?? host.database ?? places.database);
  await using trail = createAudit({ database });
  const security = { tokens: createTokens({ database, audit: trail }), audit: trail, trust: openTrust(places.trust) };
  if (request.command === "token") return await token(request.flags, host, security);
  if (request.command === "trust") return await trust(request.flags, host, security);
  return await audit(request.flags, host, security);
}
