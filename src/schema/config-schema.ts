import { z } from "zod";
import { Config } from "./config.ts";

/** The JSON schema (2020-12) of a configuration file, for editors. What a value may be; which files hold it is another matter. */
export function configSchema(): Record<string, unknown> {
  return { title: "codeport configuration", ...z.toJSONSchema(Config, { io: "input", unrepresentable: "any" }) };
}
