import { createOpencodeClient } from "@opencode-ai/sdk";
import { describe, expect } from "vitest";
import { dataOf } from "../helpers/request.ts";
import { testServer } from "../helpers/server.ts";
import { verifies } from "./verifies.ts";

describe("memory", () => {
  verifies("program: memory", "what is remembered by a slash command is recalled by type, newest first", async () => {
    await using server = await testServer();
    const client = createOpencodeClient({ baseUrl: server.url });
    const sessionId = dataOf(await client.session.create({ body: {} })).id;
    const command = async (name: string, words: string) => {
      const answer = dataOf(await client.session.command({ path: { id: sessionId }, body: { command: name, arguments: words } }));
      return answer.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    };
    await command("remember", "WORKING_SOLUTION: Use --no-verify for emergency hotfixes");
    await command("remember", "FAILURE: The cache was stale");
    const recalled = await command("recall", "--type WORKING_SOLUTION --recent 10");
    expect(recalled).toContain("Use --no-verify for emergency hotfixes");
    expect(recalled).not.toContain("stale");
  });

  verifies(
    "program: self-improvement loop",
    "what was remembered reaches the model where a prompt's line recalls it, and each phase has its session",
    async () => {
      await using server = await testServer();
      const client = createOpencodeClient({ baseUrl: server.url });
      const other = dataOf(await client.session.create({ body: {} })).id;
      await client.session.command({ path: { id: other }, body: { command: "remember", arguments: "FAILURE: The cache was stale" } });
      const gaps = '{"gaps":[{"pattern":"stale cache","frequency":1,"suggestion":"clear it"}]}';
      server.model.text(gaps).text("Edit build.md: clear the cache first.");
      const before = server.model.requests().length;

      const reviewSession = await client.session.create({ body: { title: "Self-Improve: Review" } });
      const analysis = await client.session.prompt({
        path: { id: dataOf(reviewSession).id },
        body: {
          parts: [
            {
              type: "text",
              text: `Analyze recent memory entries for failure patterns:
          
/recall --type FAILURE --recent 20

Identify gaps where we failed but don't have solutions.
Output as JSON: { gaps: [{ pattern, frequency, suggestion }] }`,
            },
          ],
        },
      });
      const refineSession = await client.session.create({ body: { title: "Self-Improve: Refine" } });
      const improvements = await client.session.prompt({
        path: { id: dataOf(refineSession).id },
        body: {
          parts: [
            {
              type: "text",
              text: `Based on these gaps, propose agent improvements:
${JSON.stringify(analysis.data)}

Generate specific edits to agent files. Use worktree isolation.`,
            },
          ],
        },
      });
      const testSession = await client.session.create({ body: { title: "Self-Improve: Test" } });
      const [review, refine] = server.model
        .requests()
        .slice(before)
        .map(({ body }) => JSON.stringify(body.messages));
      expect(review).toContain("The cache was stale");
      expect(refine).toContain("stale cache");
      expect(dataOf(improvements).parts).toContainEqual(expect.objectContaining({ text: "Edit build.md: clear the cache first." }));
      expect(dataOf(testSession).title).toBe("Self-Improve: Test");
    },
  );
});
