/**
 * Sends one prompt to a running server and prints the answer while it is written.
 *
 *     node examples/typed-client.ts http://127.0.0.1:4096 "list the files and read README.md"
 *
 * Only the router's type is imported: no server code comes along. OPENCODE_SERVER_PASSWORD is used if the server asks for one.
 */
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "../routers/index.ts";

const [address = "http://127.0.0.1:4096", text = "list the files"] = process.argv.slice(2);
const { OPENCODE_SERVER_PASSWORD: password, OPENCODE_SERVER_USERNAME: username = "opencode" } = process.env;
const token = password === undefined ? undefined : Buffer.from(`${username}:${password}`).toString("base64");

const socket = createWSClient({ url: `${address.replace(/^http/, "ws")}/trpc${token ? `?auth_token=${encodeURIComponent(token)}` : ""}` });
const codeport = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: wsLink({ client: socket, transformer: superjson }),
      false: httpLink({ url: `${address}/trpc`, headers: token ? { authorization: `Basic ${token}` } : {}, transformer: superjson }),
    }),
  ],
});

const session = await codeport.session.create.mutate({ title: "Typed client" });
const listening = Promise.withResolvers<void>();
const printed = new Map<string, string>();

/** A snapshot holds all text so far and a delta what is new: each is printed only as far as it goes beyond what was printed. */
function print(partID: string, whole: string): void {
  process.stdout.write(whole.slice(printed.get(partID)?.length ?? 0));
  printed.set(partID, whole);
}

const subscription = codeport.event.subscribe.subscribe(undefined, {
  onData({ data: event }) {
    if (event.type === "server.connected") listening.resolve();
    if (!("sessionID" in event.properties) || event.properties.sessionID !== session.id) return;
    if (event.type === "message.part.updated") {
      const { part } = event.properties;
      // The prompt itself is a part too, without a time.
      if (part.type === "text" && part.time) print(part.id, part.text);
      if (part.type === "tool" && part.state.status === "running") console.error(`${part.tool} ${JSON.stringify(part.state.input)}`);
    }
    if (event.type === "message.part.delta") {
      const before = printed.get(event.properties.partID);
      if (before !== undefined) print(event.properties.partID, before + event.properties.delta);
    }
  },
  onError: listening.reject,
});
await listening.promise;

const answer = await codeport.session.prompt.mutate({ sessionID: session.id, parts: [{ type: "text", text }] });
process.stdout.write("\n");
if (answer.info.role === "assistant" && answer.info.error) {
  console.error(answer.info.error);
  process.exitCode = 1;
}
subscription.unsubscribe();
await socket.close();
