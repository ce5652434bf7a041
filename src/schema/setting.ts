import { z } from "zod";

/** One setting of a configuration, and who says so. */
export const ConfigSetting = z
  .object({
    /** Names joined by dots. */
    key: z.string(),
    /** Left out where it is secret. */
    value: z.unknown().optional(),
    secret: z.boolean(),
    /** The file, or the variable, that decides it; several where lists add up. */
    source: z.string(),
    /** Who says something else and does not count, the strongest first. */
    overruled: z.array(z.string()),
  })
  .meta({ id: "ConfigSetting" });
export type ConfigSetting = z.infer<typeof ConfigSetting>;
