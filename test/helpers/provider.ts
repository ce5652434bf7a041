import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createProviderLogins, createProviders, openCredentials, type ProviderService } from "../../src/provider/provider.ts";
import type { Config } from "../../src/schema/config.ts";
import type { Auth } from "../../src/schema/provider.ts";
import { temporaryDirectory } from "./directory.ts";

export interface ProviderBench extends AsyncDisposable {
  providers: ProviderService;
}

/** The providers of a configuration over a credentials file of their own, without looking for local servers unless told how. */
export async function providerBench(options: {
  config?: Config;
  env?: NodeJS.ProcessEnv;
  stored?: Record<string, Auth>;
  fetchLocal?: Parameters<typeof createProviders>[0]["fetchLocal"];
}): Promise<ProviderBench> {
  const directory = await temporaryDirectory();
  const credentials = openCredentials(directory.join("auth.json"));
  for (const [id, auth] of Object.entries(options.stored ?? {})) await credentials.set(id, auth);
  const { config = {}, env = {}, fetchLocal = async () => ({}) } = options;
  return {
    providers: createProviders({ config, env, credentials, fetchLocal, logins: createProviderLogins(credentials) }),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

/** A server that notes the last request as it came over the wire and refuses it with a 400. */
export async function recorder() {
  let last: { headers: IncomingHttpHeaders; body: unknown } = { headers: {}, body: undefined };
  const server = createServer(async (request, response) => {
    last = { headers: request.headers, body: JSON.parse(await text(request)) };
    response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"refused"}}');
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    headers: () => last.headers,
    body: () => last.body,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
