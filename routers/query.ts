import { z } from "zod";

/** A switch in a query: the reference takes the words as well as the value, so that clients that quote everything are understood. */
export const flag = z.union([z.boolean(), z.enum(["true", "false"])]).transform((value) => value === true || value === "true");
