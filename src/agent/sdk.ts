/** The AI SDK, loaded on first use: it costs start-up time that a server without a turn need not pay. */
export async function loadSDK(): Promise<typeof import("ai")> {
  // Its warnings about unsupported settings go to the console of the process, which belongs to the command line.
  globalThis.AI_SDK_LOG_WARNINGS ??= false;
  return import("ai");
}
