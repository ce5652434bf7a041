import { AppError } from "../src/schema/error.ts";

/** Lists and objects within each other. What is stored is written as JSON, which takes the stack for each level. */
const deepest = 200;

/** Throws BadRequest, with the field, for an input that is nested deeper than can be stored. */
export function requireShallow(input: unknown): void {
  for (const [field, value] of Object.entries(input ?? {})) {
    let level: unknown[] = [value];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > deepest) {
        throw new AppError("BadRequest", `${field}: is nested deeper than ${deepest} levels.`, { kind: "Payload", field });
      }
      level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
    }
  }
}
