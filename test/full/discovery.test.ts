import { chmod, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { announce, resolveMdns } from "../../src/server/mdns.ts";
import { verifies } from "../conformance/verifies.ts";
import { temporaryDirectory } from "../helpers/directory.ts";
import { programWorkspace } from "../helpers/program.ts";

/** Whether what is announced here is heard here: not in every container is there a network to tell it to. */
async function hasMulticast(): Promise<boolean> {
  let works = true;
  await using _announced = await announce({
    port: 1,
    domain: "codeport-test.local",
    onFault: () => {
      works = false;
    },
  });
  return (await resolveMdns("codeport-test.local", { patience: 2_000 })) !== undefined && works;
}

describe("a server in the local network", () => {
  test("is listed, and driven by attach from a terminal that knows its name only", async ({ skip }) => {
    if (!(await hasMulticast())) skip("this machine has no network that takes multicast");
    await using workspace = await programWorkspace({ files: { "opencode.json": `{"model":"offline/guide"}` } });
    const env = { OPENCODE_SERVER_PASSWORD: "peel" };
    await using server = await workspace.start(["serve", "--port", "0", "--mdns", "--mdns-domain", "marmalade.local"], { env });
    const { port } = new URL(await server.listening());
    await server.seen("stderr", /^mdns: marmalade\.local/m);
    const { stdout } = await workspace.run(["attach", "--list", "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      name: `opencode-${port}`,
      host: "marmalade.local",
      url: expect.stringContaining(`:${port}`),
    });
    await using terminal = workspace.terminal(["attach", "opencode://marmalade.local"], { env });
    await terminal.shows(/connected/);
    expect(await workspace.run(["models", "--attach", `opencode://opencode-${port}`], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("offline/guide"),
    });
    const nobody = await workspace.run(["attach", "opencode://nobody.local"]);
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining("needs a terminal") });
  });
});

describe("opencode web", () => {
  verifies("opencode web", "serves, says the address of a page, and shows it in the browser that there is", async () => {
    await using bin = await temporaryDirectory({ files: { "xdg-open": '#!/bin/sh\nprintf "%s" "$1" > "$HOME/shown"\n' } });
    await chmod(bin.join("xdg-open"), 0o755);
    await using workspace = await programWorkspace();
    const env = { DISPLAY: ":9", PATH: bin.path + delimiter + process.env.PATH };
    await using server = await workspace.start(["web", "--port", "0"], { env });
    const url = await server.listening();
    const [, page = ""] = await server.seen("stderr", /^web: (\S+)$/m);
    expect(page).toBe(`${url}/web/`);
    const shown = await fetch(page, { headers: { accept: "text/html" } });
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
    expect(await (await fetch(`${url}/session`)).json()).toEqual([]);
    // Elsewhere the opener is a program of the system's.
    if (process.platform !== "linux") return;
    await server.seen("stderr", /^The page was opened in the browser\.$/m);
    await expect.poll(() => readFile(join(workspace.home, "shown"), "utf8").catch(() => "")).toBe(page);
  });
});
