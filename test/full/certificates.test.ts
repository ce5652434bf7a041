import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as send } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../helpers/directory.ts";
import { mockModel } from "../helpers/model.ts";
import { programWorkspace } from "../helpers/program.ts";

const canCertify = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!canCertify)(
  "a model server with a certificate of the user's own is trusted by NODE_EXTRA_CA_CERTS, and only then",
  async () => {
    await using directory = await temporaryDirectory();
    const [key, certificate] = [directory.join("key.pem"), directory.join("certificate.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject, "-keyout", key, "-out", certificate],
      {
        stdio: "ignore",
      },
    );
    await using model = await mockModel();
    const { port } = new URL(model.origin);
    const secure = createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
    secure.on("request", (request, response) => {
      const onward = send({ host: "127.0.0.1", port, path: request.url, method: request.method, headers: request.headers });
      onward.on("response", (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)));
      request.pipe(onward);
    });
    await once(secure.listen(0, "127.0.0.1"), "listening");
    const baseURL = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/v1`;
    const provider = { own: { npm: "@ai-sdk/openai-compatible", options: { baseURL, apiKey: "k" }, models: { one: {} } } };
    await using workspace = await programWorkspace({ files: { "opencode.json": JSON.stringify({ provider }) } });
    model.text("trusted").text("trusted");
    const run = (env: NodeJS.ProcessEnv) => workspace.run(["run", "--model", "own/one", "--timeout", "20", "hello"], { env });
    expect(await run({ NODE_EXTRA_CA_CERTS: certificate })).toMatchObject({ code: 0, stdout: expect.stringContaining("trusted") });
    expect((await run({})).code).not.toBe(0);
    secure.closeAllConnections();
    secure.close();
  },
);
