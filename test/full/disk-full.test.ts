import { spawnSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { MessageWithParts } from "../../src/schema/prompt.ts";
import { say, textOf } from "../helpers/app.ts";
import { mockModel } from "../helpers/model.ts";
import { launcher, programWorkspace } from "../helpers/program.ts";
import { getJSON, postJSON } from "../helpers/server.ts";

/** A small disk of the server's own needs a mount namespace, which Linux lets users make, mostly. */
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

test.skipIf(!canMount)(
  "a turn that fills the disk ends with one line that says so, nothing told is lost, and it goes on when there is room",
  async () => {
    await using workspace = await programWorkspace();
    await using model = await mockModel();
    const disk = join(workspace.home, "disk");
    await mkdir(disk);
    const serve = `mount -t tmpfs -o size=32m none ${disk} && exec "$@"`;
    const command = [
      "unshare",
      "-rm",
      "sh",
      "-c",
      serve,
      "serve",
      process.execPath,
      launcher,
      "serve",
      "--port",
      "0",
      "--db",
      `${disk}/store.db`,
    ];
    const config = JSON.stringify({ ...model.config(), permission: "allow" });
    await using program = await workspace.launch(command, { env: { OPENCODE_CONFIG_CONTENT: config } });
    const url = await program.listening();
    const open = async () => (await postJSON<{ id: string }>(`${url}/session`, { title: "A session" })).id;
    const [id, other] = [await open(), await open()];
    const messages = () => getJSON<MessageWithParts[]>(`${url}/session/${id}/message`);
    const prompt = (text: string) => fetch(`${url}/session/${id}/message`, { method: "POST", body: JSON.stringify(say(text)) });
    model.text("First.");
    await (await prompt("one")).text();
    const before = await messages();
    // The turn may meet it when the command ends already, or in what the model says then.
    model.text("Third.", { when: "prompt-after" });
    const fill = { command: `cat /dev/zero > ${disk}/filler`, description: "Fills the disk" };
    model.calls({ name: "bash", input: fill }).text("word ".repeat(1_200_000), { chunkSize: 1_000_000 });
    const turn = prompt("two");
    const note = JSON.stringify({ ...say("words ".repeat(2_000)), noReply: true });
    await expect
      .poll(async () => (await fetch(`${url}/session/${other}/prompt_async`, { method: "POST", body: note })).status, { timeout: 20_000 })
      .toBe(503);
    // The turn has met it too; whether there is room to say so is another matter.
    await expect
      .poll(async () => (await fetch(`${url}/metrics`)).text(), { timeout: 20_000 })
      .toMatch(/codeport_turns_total\{outcome="(StorageFull|Unknown)Error"\} 1/);
    expect((await fetch(`${url}/global/health`)).status).toBe(200);
    expect((await messages()).slice(0, before.length)).toEqual(before);
    await rm(`/proc/${program.pid}/root${disk}/filler`);
    expect(await (await turn).json()).toMatchObject({
      info: { error: { data: { message: expect.stringMatching(/^Interrupted: the disk was full[^\n]*$/) } } },
    });
    const third = (await (await prompt("prompt-after")).json()) as MessageWithParts;
    expect([textOf(third), third.info]).toEqual(["Third.", expect.not.objectContaining({ error: expect.anything() })]);
    const after = await messages();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.filter(({ info }) => info.role === "assistant" && info.time.completed === undefined)).toEqual([]);
  },
);
