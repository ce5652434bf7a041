import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { AppError } from "../schema/error.ts";
import type { FileTimes } from "./tool.ts";

/** Above this the time and size must do: hashing would cost more than it protects. */
const hashedBytes = 64 * 1024 * 1024;

/**
 * Remembers, for one session, the state in which files were last read. State is the content, not the time: clocks of file
 * systems are too coarse to tell two quick writes apart, and a touched file has not changed.
 */
export function createFileTimes(): FileTimes {
  const states = new Map<string, string>();
  return {
    async seen(file) {
      states.set(file, await fingerprint(file));
    },
    async assertFresh(file) {
      const state = states.get(file);
      if (state === undefined) {
        throw new AppError("BadRequest", `${file} exists and was not read in this session. Read it with the read tool before changing it.`);
      }
      if (state !== (await fingerprint(file))) {
        throw new AppError("BadRequest", `${file} has changed since it was last read. Read it again, then repeat the change.`);
      }
    },
  };
}

async function fingerprint(file: string): Promise<string> {
  const { size, mtimeNs } = await stat(file, { bigint: true });
  if (size > hashedBytes) return `${size}:${mtimeNs}`;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
