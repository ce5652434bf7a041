// Wire shapes are kept whole in `data`; a column beside it exists only where a query needs it. Times are epoch milliseconds.

export * from "./schema/access.ts";
export * from "./schema/ask.ts";
export * from "./schema/change.ts";
export * from "./schema/event.ts";
export * from "./schema/idempotency.ts";
export * from "./schema/memory.ts";
export * from "./schema/message.ts";
export * from "./schema/prompt.ts";
export * from "./schema/server.ts";
export * from "./schema/session.ts";
export * from "./schema/store.ts";
export * from "./schema/usage.ts";
