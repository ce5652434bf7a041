import { z } from "zod";

/** How long sessions are kept. */
export const Retention = z
  .object({
    days: z.number().positive().max(36_500).meta({ description: "Sessions in which nothing was changed for longer are deleted." }),
    keep: z
      .array(z.enum(["archived", "shared", "tagged"]))
      .optional()
      .meta({ description: "Sessions that are kept however old they are; none unless told." }),
  })
  .meta({ id: "Retention" });
export type Retention = z.infer<typeof Retention>;
