import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createClient } from "../../src/cli/client.ts";
import { reach } from "../../src/cli/connect.ts";

test.each(["<html>hello</html>", "[]"])(
  "a command that is sent to another program's server says so, when that answers %s",
  async (body) => {
    const server = createServer((_request, response) => response.end(body));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using client = createClient({ url });
    await expect(reach(client.api, url)).rejects.toMatchObject({
      kind: "connect",
      message: expect.stringContaining("is no Codeport server"),
    });
    server.closeAllConnections();
    await once(server.close(), "close");
  },
);
