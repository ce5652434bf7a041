import { z } from "zod";

/** What a token may do: each scope includes those before it. */
export const Scope = z.enum(["read", "prompt", "admin"]);
export type Scope = z.infer<typeof Scope>;

const order = Scope.options;

/** A scope with all that it includes. */
export function scopesOf(scope: Scope): Scope[] {
  return order.slice(0, order.indexOf(scope) + 1);
}

/** Who calls. */
export interface Principal {
  /** As it stands in the audit trail: `owner`, `local`, `token tok_…`. */
  name: string;
  scopes: readonly Scope[];
  /** The id of the token that let it in. */
  token?: string;
  /** Directories it is limited to, absolute and without symlinks; none: all that the server works in. */
  directories?: readonly string[];
  /** Of the connection. */
  address?: string;
  /** The tool whose process sent this, as far as that can be told. Asked only where a person has to decide: it takes milliseconds. */
  tool?: () => Promise<string | undefined>;
}

/** An access token, without its secret. Times are epoch milliseconds. */
export const Token = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: Scope,
    /** The directories it is limited to, with what is below them; none: all of the server. */
    directories: z.array(z.string()).optional(),
    created: z.number(),
    /** None: it does not expire. */
    expires: z.number().optional(),
    revoked: z.number().optional(),
  })
  .meta({ id: "Token" });
export type Token = z.infer<typeof Token>;

export const TokenCreate = z.object({
  scope: Scope,
  name: z.string().max(200).optional(),
  expires: z.number().optional().describe("Epoch milliseconds; without it the token does not expire"),
  directories: z.array(z.string()).min(1).optional().describe("Absolute paths the token is limited to, with what is below them"),
});
export type TokenCreate = z.infer<typeof TokenCreate>;
