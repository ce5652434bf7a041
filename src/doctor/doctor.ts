import type { Paths } from "../config/config.ts";
import type { Finding } from "../schema/doctor.ts";
import { checkDirectories, checkPrograms, checkRuntime, checkStore } from "./checks.ts";
import { type CheckedProject, checkProject } from "./project.ts";

export { checkPort, checkRuntime } from "./checks.ts";
export type { CheckedProject } from "./project.ts";

export interface DoctorOptions {
  env: NodeJS.ProcessEnv;
  places: Paths;
  /** The store: a path, or a libSQL URL. */
  store: string;
  /** Bytes of the largest store that is looked through: it takes a second for a gigabyte or so, in which nothing else happens. */
  largest?: number;
  /** What is said of a check that could not be made. */
  describe?(error: unknown): string;
}

/** Looks at the installation and at a directory. Changes nothing; what cannot be looked at is a finding, too. */
export interface Doctor {
  check(project: () => Promise<CheckedProject>, more?: Check[]): Promise<Finding[]>;
}

export type Check = [name: string, check: () => Finding[] | Promise<Finding[]>];

export function createDoctor({ env, places, store, largest, describe = messageOf }: DoctorOptions): Doctor {
  return {
    async check(project, more = []) {
      const checks: Check[] = [
        ["node", () => checkRuntime(process.versions.node)],
        ["programs", () => checkPrograms(env)],
        ["directories", () => checkDirectories(places)],
        ["store", () => checkStore(store.replace(/^file:/, ""), largest)],
        ...more,
        ["project", async () => checkProject(await project())],
      ];
      const findings: Finding[] = [];
      for (const [name, check] of checks) {
        try {
          findings.push(...(await check()));
        } catch (error) {
          findings.push({ check: name, status: "fail", message: describe(error) });
        }
      }
      return findings;
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
