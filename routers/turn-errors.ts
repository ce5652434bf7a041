import type { ErrorName } from "../src/schema/error.ts";

/** What whatever hands work to the agent can throw: it names an agent and a model, and finds the session busy or changed by someone else. */
export const turnErrors: ErrorName[] = [
  "AgentNotFoundError",
  "ProviderModelNotFoundError",
  "ProviderAuthError",
  "ConflictError",
  "SessionBusyError",
  "ServiceUnavailableError",
];
