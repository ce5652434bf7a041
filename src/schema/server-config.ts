import { z } from "zod";
import { Limits } from "./limits.ts";
import { Retention } from "./retention.ts";

export const LogLevel = z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).meta({ id: "LogLevel" });
export type LogLevel = z.infer<typeof LogLevel>;

/**
 * What becomes of turns that a server had started when it died. `off`: they stay interrupted. `ask`: people are asked. `safe`: they are run again if
 * every tool they had called may be repeated. `always`: they are run again.
 */
export const ResumePolicy = z.enum(["off", "ask", "safe", "always"]);
export type ResumePolicy = z.infer<typeof ResumePolicy>;

export const ServerConfig = z
  .object({
    port: z.int().positive().optional(),
    hostname: z.string().optional(),
    mdns: z.boolean().optional(),
    mdnsDomain: z.string().optional(),
    cors: z.array(z.string()).optional(),
    /** What becomes of turns that a dead server had started. */
    resume: ResumePolicy.optional(),
    /** Milliseconds after which a permission request or question that nobody answers counts as refused; false: never. */
    askTimeout: z.union([z.int().positive().max(2_147_483_647), z.literal(false)]).optional(),
    limits: Limits.optional(),
    retention: Retention.optional(),
    /** A collector of OpenTelemetry (OTLP over HTTP): `endpoint` without the path `/v1/traces`. */
    traces: z.object({ endpoint: z.url({ protocol: /^https?$/ }), headers: z.record(z.string(), z.string()).optional() }).optional(),
  })
  .meta({ id: "ServerConfig" });
export type ServerConfig = z.infer<typeof ServerConfig>;
