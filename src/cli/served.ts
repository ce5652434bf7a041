import { connect } from "./connect.ts";
import type { Host } from "./env.ts";
import type { Served } from "./served-flags.ts";

/** Runs a command that a server answers; resolves with its exit code. */
export async function served(request: Served, host: Host): Promise<number> {
  if (request.command === "config") return (await import("./config.ts")).config(request.flags, host);
  await using client = await connect(request.flags, host);
  const { api } = client;
  if (request.command === "session") return await (await import("./sessions.ts")).sessions(request.flags, host, api);
  if (request.command === "models") return await (await import("./models.ts")).models(request.flags, host, api);
  if (request.command === "agent") return await (await import("./agents.ts")).agents(request.flags, host, api);
  if (request.command === "mcp") return await (await import("./mcp.ts")).mcp(request.flags, host, api);
  return await (await import("./auth.ts")).auth(request.flags, host, api);
}
