import { relative, resolve } from "node:path";

/**
 * What an editor's plugin does with a terminal client beside it: puts what is selected into its prompt, sends it, opens its lists, shows notices,
 * and reloads files that the agent changed. `editor.ts ask FILE[:FROM-TO] TEXT`, `add FILE[:FROM-TO]`, `open LIST`, `command NAME`, `toast TEXT`, `follow`.
 */

const { CODEPORT_URL: url = "http://127.0.0.1:4096", OPENCODE_SERVER_PASSWORD: password } = process.env;
const headers: Record<string, string> = {
  ...(password !== undefined && { authorization: `Basic ${btoa(`opencode:${password}`)}` }),
  // The terminal clients of this directory obey, others do not.
  "x-opencode-directory": encodeURIComponent(process.cwd()),
};

// A server that is away or a wrong password is told in a line.
process.on("uncaughtException", ({ message }) => {
  console.error(`${url}: ${message}`);
  process.exit(1);
});

async function request(path: string, body?: object): Promise<Response> {
  const init =
    body === undefined
      ? { headers }
      : { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** `src/a.ts:3-9` as the agent finds it from the project's directory. */
function mention(selection: string): string {
  const [, file = selection, lines = ""] = /^(.*?)((?::\d+(?:-\d+)?)?)$/.exec(selection) ?? [];
  return `${relative(process.cwd(), resolve(file))}${lines} `;
}

const lists = ["sessions", "models", "themes", "help"];

const actions: Record<string, (words: string[]) => Promise<unknown>> = {
  add: ([selection = ""]) => request("/tui/append-prompt", { text: mention(selection) }),
  async ask([selection = "", ...words]) {
    // What somebody has half written is not sent along.
    await request("/tui/clear-prompt", {});
    await request("/tui/append-prompt", { text: mention(selection) + words.join(" ") });
    await request("/tui/submit-prompt", {});
  },
  async open([list = ""]) {
    if (!lists.includes(list)) throw new Error(`Say one of ${lists.join(", ")}.`);
    await request(`/tui/open-${list}`, {});
  },
  command: ([command = ""]) => request("/tui/execute-command", { command }),
  toast: (words) => request("/tui/show-toast", { message: words.join(" "), variant: "info" }),
  follow,
};

/** Prints the path of every file the agent changes, for the editor to load it again. Ends with the server. */
async function follow(): Promise<void> {
  const { body } = await request("/event");
  if (body === null) throw new Error("The server sent no events.");
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) onEvent(JSON.parse(frame.match(/^data: (.*)$/m)?.[1] ?? "{}"));
  }
}

function onEvent({ type, properties }: { type?: string; properties?: { file: string } }): void {
  if (type === "server.connected") console.error("Following.");
  if (type === "file.edited") console.log(properties?.file);
}

const [action = "", ...words] = process.argv.slice(2);
const act = actions[action];
if (act === undefined) {
  console.error(`Say one of ${Object.keys(actions).join(", ")}.`);
  process.exitCode = 2;
} else await act(words);
