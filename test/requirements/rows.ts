export interface Requirement {
  /** What is promised, and what would show it broken. */
  promise: string;
  /** Beside the files of this folder whose names begin with the number: long forms of them, and programs that measure. */
  also?: string[];
}

/**
 * What users of servers like this one suffer from, each as a promise of ours. `test/requirements/NN-*.test.ts` proves the row NN;
 * `npm run requirements` prints them with their tests.
 */
export const requirements: Record<number, Requirement> = {
  1: {
    promise:
      "No web page drives the server: a foreign Origin or Host executes nothing on any route, with no body, text, a form or JSON, over HTTP, event streams, WebSocket upgrades and tRPC.",
  },
  2: {
    promise:
      "No byte from outside the roots leaves by 200 traversing, symbolic, absolute and encoded paths, nor by a directory of the caller's own: 403 or 404.",
  },
  3: {
    promise: "Tokens have scopes: the matrix of scope and procedure holds for every procedure, and revoking closes open streams.",
  },
  4: {
    promise:
      "No event is lost or told twice: after 1,000 random disconnects and 20 kills, what readers received equals the log, on each transport.",
    also: ["test/full/disconnects.test.ts"],
  },
  5: {
    promise:
      "A slow reader does not grow the server: 20 stalled readers cost less than 64 MB during 1 GB of events, and are told their cursor.",
    also: ["test/full/slow-readers.test.ts", "bench/slow-readers.ts"],
  },
  6: {
    promise: "After a kill at any moment no message is open, no tool is running, and every status is true within 2 seconds of the restart.",
    also: ["test/chaos/main.ts"],
  },
  7: {
    promise: "Every prompt that was accepted ends or is listed as queued: 10,000 of them, across restarts.",
    also: ["test/full/accepted-prompts.test.ts"],
  },
  8: { promise: "A call that is sent again with the same key has one effect and one answer, also at once." },
  9: {
    promise:
      "A permission nobody can answer is decided by policy after its time, is stored, is shown to clients that connect later, and a question of a third-level sub-agent appears once.",
  },
  10: {
    promise:
      "Undo in one session leaves the work of others alone: two sessions and a person edit by turns, the other bytes stay, and conflicts are named.",
    also: ["test/full/undo.test.ts"],
  },
  11: {
    promise:
      "The store stores at most twice the logical change; two servers and 16 writers on one file see no busy store, and each session has one owner.",
    also: ["test/servers.test.ts"],
  },
  12: { promise: "Abort, time limit, shutdown and a kill with a restart leave no process within 3 seconds, setsid children included." },
  13: {
    promise: "Changes of the configuration disturb no turn: 100 writes during 20 turns abort none and close no stream.",
    also: ["test/full/config-writes.test.ts"],
  },
  14: {
    promise:
      "The OpenAPI document is what the server does: answers are held against it, linters find nothing, and generated clients compile.",
    also: ["test/full/doc-lint.test.ts", "test/full/generated-client.test.ts"],
  },
  15: { promise: "The health check stays quick while 16 turns run and a tool floods; long lists come in pages; an idle server is small." },
  16: {
    promise:
      "One error shape everywhere: unknown paths 404 as JSON, wrong methods 405, malformed JSON 400 with the position, never a 200 page or a 500.",
  },
  17: { promise: "No secret of the server reaches a child: a tool that prints its environment shows none." },
  18: { promise: "A prompt that takes long is not cut: its synchronous answer is kept alive by bytes, and comes through a plain fetch." },
  19: {
    promise:
      "Failures are one line that says what to do, with exit codes 0 done, 1 task, 2 usage, 3 configuration, 4 connection, 5 login, 6 permission, 7 provider, 124 time, 130 interrupt.",
    also: ["test/full/exit-codes.test.ts"],
  },
  20: { promise: "A model that hangs after its headers is given up after an idle time, and its socket is gone." },
  21: { promise: "A stranger's configuration runs no command and sends no key until its directory is trusted." },
  22: { promise: "An agent approves nothing by calling the server from a command that it runs, with and without a password." },
};
