import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createClient, type PermissionReply } from "codeport/client";
import { createBot, type Platform } from "../bot-adapter/bot-adapter.ts";
import { openJournal } from "../bot-adapter/journal.ts";
import { botSettings, required, untilStopped } from "../bot-adapter/settings.ts";

const { url, password, users, approvers, journal } = botSettings("github");
const [secret, token] = [required("GITHUB_WEBHOOK_SECRET"), required("GITHUB_TOKEN")];
const api = process.env.GITHUB_API ?? "https://api.github.com";

async function github<Body>(method: string, path: string, body: object): Promise<Body> {
  const headers = { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "content-type": "application/json" };
  const response = await fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

const repositoryOf = (conversation: string) => conversation.split("#")[0];
const comments = (conversation: string) => `/repos/${conversation.replace("#", "/issues/")}/comments`;

const platform: Platform = {
  name: "github",
  limit: 60_000,
  // An edit counts as a write for GitHub's limits, and nobody watches a comment grow.
  pace: 30_000,
  code: (text) => `\`\`\`\`\n${text}\n\`\`\`\``,
  post: async (conversation, body) => String((await github<{ id: number }>("POST", comments(conversation), { body })).id),
  edit: (conversation, id, body) => github("PATCH", `/repos/${repositoryOf(conversation)}/issues/comments/${id}`, { body }),
  ask: (conversation, text, { id }) =>
    platform.post(
      conversation,
      `${text}\n\nAnswer with \`/allow ${id}\`, \`/session ${id}\` (for this session), \`/always ${id}\` or \`/refuse ${id}\`.`,
    ),
};

await using client = createClient({ url, password });
const bot = createBot({ client, platform, users, approvers, journal: await openJournal(journal) });

interface CommentEvent {
  action: string;
  issue: { number: number };
  comment: { id: number; body: string; user: { login: string } };
  repository: { full_name: string };
}

const replies: Record<string, PermissionReply> = { allow: "once", session: "session", always: "always", refuse: "reject" };

/** `/codeport TEXT` is said to the agent, `/allow per_…` decides. Anything else is talk between people. */
async function onComment({ action, issue, comment, repository }: CommentEvent): Promise<void> {
  if (action !== "created") return;
  const conversation = `${repository.full_name}#${issue.number}`;
  const user = comment.user.login;
  const [, word = "", rest = ""] = /^\/(\w+)\s+([\s\S]*)$/.exec(comment.body.trim()) ?? [];
  const reply = replies[word];
  if (word === "codeport") await bot.receive({ id: String(comment.id), conversation, user, text: rest });
  else if (reply) console.log(`${user}: ${await bot.decide({ conversation, user, requestID: rest.trim(), reply })}`);
}

/** Compared in constant time, over the bytes as they came. */
function isSigned(body: Buffer, signature: unknown): boolean {
  const expected = Buffer.from(`sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
  const given = Buffer.from(String(signature));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** 202 once the comment is kept: GitHub gives up waiting after ten seconds, and an answer takes longer. */
async function statusOf(request: IncomingMessage): Promise<number> {
  const body = await buffer(request);
  if (request.method !== "POST" || !isSigned(body, request.headers["x-hub-signature-256"])) return 401;
  if (request.headers["x-github-event"] === "issue_comment") await onComment(JSON.parse(body.toString()) as CommentEvent);
  return 202;
}

const server = createServer(async (request, response) => {
  const status = await statusOf(request).catch((error: unknown) => {
    console.error(error);
    return 500;
  });
  response.writeHead(status).end();
});
server.listen(Number(process.env.PORT ?? 3000), () => console.log(`Listens on port ${(server.address() as AddressInfo).port}.`));

await bot.run(untilStopped());
server.close();
