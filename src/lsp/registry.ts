import path from "node:path";
import type { Programs } from "../program/program.ts";
import type { Config } from "../schema/config.ts";
import { createServer, type Server, type ServerOptions } from "./server.ts";
import { type ServerDefinition, serversOf } from "./servers.ts";

/** The servers by language and root, each made when first needed. */
export interface Registry {
  /** Those for a file (absolute); none for a file outside the project. */
  of(file: string): Promise<Server[]>;
  /** Those there are, and those of each language whose marker files are found from the directory up. */
  here(): Promise<Server[]>;
  all(): Server[];
}

export interface RegistryOptions extends ServerOptions {
  directory: string;
  config: Config["lsp"];
  programs: Programs;
}

export function createRegistry(options: RegistryOptions): Registry {
  const { directory, programs } = options;
  const definitions = serversOf(options.config);
  const servers = new Map<string, Server>();

  async function serverOf(definition: ServerDefinition, root: string): Promise<Server[]> {
    if (definition.runsProjectCode && !(await programs.mayRunCode(root))) return [];
    const key = `${definition.id}\0${root}`;
    const server = servers.get(key) ?? createServer(definition, root, options);
    servers.set(key, server);
    return [server];
  }

  return {
    all: () => [...servers.values()],
    async of(file) {
      const from = path.dirname(file);
      if (programs.up(from).length === 0) return [];
      const extension = path.extname(file).toLowerCase();
      const wanted = definitions.filter(({ extensions }) => extensions.includes(extension));
      const found = wanted.map(async (definition) => serverOf(definition, (await markedRoot(definition, from, programs)) ?? directory));
      return (await Promise.all(found)).flat();
    },
    async here() {
      for (const definition of definitions) {
        const root = await markedRoot(definition, directory, programs);
        if (root !== undefined) await serverOf(definition, root);
      }
      return [...servers.values()];
    },
  };
}

async function markedRoot({ markers }: ServerDefinition, from: string, programs: Programs): Promise<string | undefined> {
  for (const names of markers) {
    const root = await programs.nearest(names, from);
    if (root !== undefined) return root;
  }
  return undefined;
}
