import type { Session } from "../../src/schema/session.ts";
import { acts } from "./model.ts";
import type { Random } from "./random.ts";

/** Sessions that are made, used and deleted, whatever they are doing then. Nothing of them may be left. */
export interface Brief {
  /** All there were. */
  ids: Set<string>;
  /** One life: of a new session, or of a fork. */
  live(url: string, sessionID: string): Promise<void>;
  /** Deletes those whose server died before it said that they were gone. */
  bury(url: string): Promise<void>;
}

interface BriefOptions {
  random: Random;
  faults: string[];
  call<Body>(url: string, path: string, body?: unknown): Promise<Body | undefined>;
}

export function createBrief({ random, call, faults }: BriefOptions): Brief {
  const ids = new Set<string>();
  const left = new Set<string>();

  async function born(url: string, path: string): Promise<string | undefined> {
    const session = await call<Partial<Session>>(url, path, {});
    if (session?.id === undefined) return undefined;
    ids.add(session.id);
    left.add(session.id);
    return session.id;
  }

  const say = (url: string, id: string, how: "message" | "prompt_async") =>
    call<{ info?: { parentID: string } }>(url, `/session/${id}/${how}`, {
      parts: [{ type: "text", text: `brief act:${random.pick(acts)}` }],
    });

  async function remove(url: string, id: string): Promise<void> {
    const response = await fetch(`${url}/session/${id}`, { method: "DELETE" }).catch(() => undefined);
    const said = await response?.text().catch(() => undefined);
    if (response === undefined || said === undefined) return;
    if (!response.ok && response.status !== 404)
      faults.push(`DELETE of a brief session answered ${response.status}: ${said.slice(0, 300)}`);
    else left.delete(id);
  }

  /** Of another's past; or answered, taken back and asked again; or just begun. */
  async function use(url: string, sessionID: string): Promise<string | undefined> {
    const kind = random.below(3);
    if (kind === 0) return born(url, `/session/${sessionID}/fork`);
    const id = await born(url, "/session");
    if (id === undefined) return undefined;
    if (kind === 1) {
      const answer = await say(url, id, "message");
      if (answer?.info !== undefined) await call(url, `/session/${id}/revert`, { messageID: answer.info.parentID });
    }
    await say(url, id, "prompt_async");
    return id;
  }

  return {
    ids,
    async live(url, sessionID) {
      const id = await use(url, sessionID);
      if (id !== undefined) await remove(url, id);
    },
    async bury(url) {
      await Promise.all([...left].map((id) => remove(url, id)));
    },
  };
}
