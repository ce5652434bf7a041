import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Host } from "./env.ts";
import { Failure, readFault } from "./failure.ts";
import type { ServeFlags } from "./flags.ts";

/** The certificate that the flags name. Throws Failure "usage" for one without its key, "config" for a file that cannot be read. */
export async function certificateOf(flags: Pick<ServeFlags, "tls-cert" | "tls-key">, { directory }: Pick<Host, "directory">) {
  const { "tls-cert": cert, "tls-key": key } = flags;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new Failure("usage", "--tls-cert and --tls-key belong together: give both.");
  const read = (file: string) =>
    readFile(resolve(directory, file)).catch((error: NodeJS.ErrnoException) => {
      throw new Failure("config", `${file} cannot be read: ${readFault(error)}.`, { cause: error });
    });
  return { cert: await read(cert), key: await read(key) };
}
