import { text } from "node:stream/consumers";
import { createClient, type PermissionRuleset } from "codeport/client";
import { startServer } from "codeport/server";

/** `git diff main... | review.ts`: a review as Markdown. Exit code 0: nothing serious; 1: serious findings; 2: could not review. */

interface Finding {
  file: string;
  line?: number;
  severity: "high" | "medium" | "low";
  comment: string;
}

const schema = {
  type: "object",
  required: ["summary", "findings"],
  properties: {
    summary: { type: "string", description: "Two sentences on what the change does and whether it is sound." },
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["file", "severity", "comment"],
        properties: {
          file: { type: "string" },
          line: { type: "integer", description: "In the new file." },
          severity: { enum: ["high", "medium", "low"], description: "high: a bug, a security hole, lost data." },
          comment: { type: "string", description: "What is wrong, and what to write instead." },
        },
      },
    },
  },
};

/** The diff is a stranger's text: whatever it talks the agent into, it can only look. */
const onlyLook: PermissionRuleset = [
  { permission: "*", pattern: "*", action: "deny" },
  ...["read", "glob", "grep", "list"].map((permission) => ({ permission, pattern: "*", action: "allow" as const })),
  { permission: "read", pattern: "*.env*", action: "deny" },
];

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(2);
});

const diff = await text(process.stdin);
process.exitCode = diff.trim() === "" ? nothing() : await review(diff);

function nothing(): number {
  console.log("Nothing to review.");
  return 0;
}

async function review(change: string): Promise<number> {
  const { CODEPORT_URL, OPENCODE_SERVER_PASSWORD: password } = process.env;
  // In CI there is no server yet: this one lives as long as the review.
  await using server = CODEPORT_URL ? undefined : await startServer();
  await using client = createClient({
    url: server?.url ?? CODEPORT_URL ?? "",
    password: server ? undefined : password,
    directory: process.cwd(),
  });
  const session = await client.api.session.create.mutate({ title: "Review", permission: onlyLook });
  const { message, error } = await client.run({
    sessionID: session.id,
    text: `Review this change for bugs, security and clarity. Read the files around it where you need to.\n\n<diff>\n${change}\n</diff>`,
    format: { type: "json_schema", schema },
  }).result;
  if (error) {
    console.error(`${error.name}: ${"message" in error.data ? error.data.message : ""}`);
    return 2;
  }
  const { summary, findings } = message.structured as { summary: string; findings: Finding[] };
  console.log(markdown(summary, findings));
  return findings.some(({ severity }) => severity === "high") ? 1 : 0;
}

function markdown(summary: string, findings: Finding[]): string {
  const order = ["high", "medium", "low"];
  const sorted = findings.toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  const lines = sorted.map(({ file, line, severity, comment }) => `- **${severity}** \`${file}${line ? `:${line}` : ""}\`: ${comment}`);
  return ["## Review", "", summary, "", ...(lines.length > 0 ? lines : ["No findings."])].join("\n");
}
