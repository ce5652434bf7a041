import { expect } from "vitest";
import type { Session } from "../../src/schema/session.ts";
import { createRandom } from "../chaos/random.ts";
import { say } from "./app.ts";
import type { MockCall } from "./model.ts";
import { getJSON, postJSON, type TestServer, testServer } from "./server.ts";

const names = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"];
type Author = "mine" | "yours" | "person";
interface Step {
  author: Author;
  file: string;
  content: string;
}

/** Edits by turns, drawn from a seed; each leaves content of its own. */
function script(seed: number, length: number): Step[] {
  const random = createRandom(seed);
  return Array.from({ length }, (_, index) => {
    const author = random.pick(["mine", "yours", "person"] as const);
    return { author, file: random.pick(names), content: `${author} ${index}\n` };
  });
}

/** What undoing `mine` must do: a file goes back to what it was before its first edit, unless somebody else changed it since. */
function expectation(steps: Step[]): { contents: Record<string, string>; conflicts: string[] } {
  const contents: Record<string, string> = {};
  const conflicts: string[] = [];
  for (const file of names) {
    const own = steps.filter((step) => step.file === file);
    const first = own.findIndex(({ author }) => author === "mine");
    const since = first < 0 ? [] : own.slice(first);
    const isAlone = first >= 0 && since.every(({ author }) => author === "mine");
    contents[file] = (isAlone ? own[first - 1] : own.at(-1))?.content ?? "0\n";
    if (first >= 0 && !isAlone) conflicts.push(file);
  }
  return { contents, conflicts };
}

/** A turn in which the model does this. Answers the id of its prompt. */
export async function turn(
  { url, model }: TestServer,
  session: Session,
  { calls, mark }: { calls: MockCall[]; mark: string },
): Promise<string> {
  for (const call of calls) model.calls(call, { when: mark });
  model.text("Done.", { when: mark });
  const { info } = await postJSON<{ info: { parentID: string; error?: object } }>(`${url}/session/${session.id}/message`, say(mark));
  expect(info).not.toHaveProperty("error");
  return info.parentID;
}

/** The edits, one after the other. Answers the first prompt of `mine`. */
async function play(server: TestServer, steps: Step[], sessions: Record<"mine" | "yours", Session>): Promise<string> {
  let first = "";
  for (const [index, { author, file, content }] of steps.entries()) {
    if (author === "person") await server.repository.write({ [file]: content });
    else {
      const calls = [
        { name: "read", input: { filePath: file } },
        { name: "write", input: { filePath: file, content } },
      ];
      const prompt = await turn(server, sessions[author], { calls, mark: `step ${index}.` });
      if (author === "mine") first ||= prompt;
    }
  }
  return first;
}

const contentsOf = async ({ repository }: TestServer) =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, await repository.read(name)] as const)));

/**
 * Two sessions and a person edit the same files by turns; then one session is undone and redone. Holds the files against what should be there,
 * and what the undo tells against the files that somebody else changed since. Answers how many files went back and how many are in conflict.
 */
export async function undoAmongOthers({
  seed,
  length,
}: {
  seed: number;
  length: number;
}): Promise<{ restored: number; conflicts: number }> {
  await using server = await testServer({ files: Object.fromEntries(names.map((name) => [name, "0\n"])) });
  const { url } = server;
  const [mine, yours] = [await postJSON<Session>(`${url}/session`, {}), await postJSON<Session>(`${url}/session`, {})];
  const steps = script(seed, length);
  const messageID = await play(server, steps, { mine, yours });
  const before = await contentsOf(server);
  const { contents, conflicts } = expectation(steps);

  const reverted = await postJSON<Session>(`${url}/session/${mine.id}/revert`, { messageID });
  expect(await contentsOf(server), `seed ${seed}`).toEqual(contents);
  expect((reverted.metadata?.revert as { conflicts: string[] } | undefined)?.conflicts ?? [], `seed ${seed}`).toEqual(conflicts);
  expect((await getJSON<Session>(`${url}/session/${yours.id}`)).revert).toBeUndefined();
  await postJSON(`${url}/session/${mine.id}/unrevert`, {});
  expect(await contentsOf(server), `seed ${seed}`).toEqual(before);
  return { restored: names.filter((name) => contents[name] !== before[name]).length, conflicts: conflicts.length };
}
