import { createOpencodeClient } from "@opencode-ai/sdk/v2/client";

/** The methods of OpenCode's SDK by the address each of them calls: `"POST /session": "session.create"`. Told by calling them. */
export async function sdkMethods(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let address = "";
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const { method, url } = new Request(input);
    address = `${method} ${decodeURIComponent(new URL(url).pathname)}`;
    return Response.json({});
  };
  const client = createOpencodeClient({ baseUrl: "http://127.0.0.1", fetch });
  async function walk(holder: object, path: string[]): Promise<void> {
    const prototype = Object.getPrototypeOf(holder);
    for (const name of Object.getOwnPropertyNames(prototype).filter((own) => own !== "constructor")) {
      const here = [...path, name];
      const isGroup = Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined;
      const member: unknown = Reflect.get(holder, name);
      if (isGroup && typeof member === "object" && member !== null) await walk(member, here);
      if (isGroup || typeof member !== "function") continue;
      const answer: unknown = await member.call(holder, {});
      // A stream asks when it is read.
      if (isStream(answer)) await answer.stream.next();
      found.set(address, here.join("."));
    }
  }
  await walk(client, []);
  return found;
}

function isStream(answer: unknown): answer is { stream: AsyncGenerator } {
  return typeof answer === "object" && answer !== null && "stream" in answer;
}
