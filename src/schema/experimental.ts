import { z } from "zod";

export const ExperimentalCapabilities = z.object({ backgroundSubagents: z.boolean() }).meta({ id: "ExperimentalCapabilities" });
export type ExperimentalCapabilities = z.infer<typeof ExperimentalCapabilities>;

/** OpenCode's hosted accounts, which this server has none of. */
export const ConsoleState = z
  .object({
    consoleManagedProviders: z.array(z.string()),
    activeOrgName: z.string().optional(),
    switchableOrgCount: z.int().min(0),
  })
  .meta({ id: "ConsoleState" });
export type ConsoleState = z.infer<typeof ConsoleState>;

const WorkspaceID = z.string().regex(/^wrk/);
const text = z.union([z.string(), z.null()]).optional();

/** Remote working copies of OpenCode's; here a directory is all there is. */
export const Workspace = z
  .object({
    id: WorkspaceID,
    type: z.string(),
    name: z.string(),
    branch: text,
    directory: text,
    extra: z.unknown().nullish(),
    projectID: z.string(),
    timeUsed: z.union([z.number(), z.enum(["NaN"]), z.enum(["Infinity"]), z.enum(["-Infinity"]), z.enum(["Infinity", "-Infinity", "NaN"])]),
  })
  .meta({ id: "Workspace" });
export type Workspace = z.infer<typeof Workspace>;

export const WorkspaceEventConnectionStatus = z
  .object({ workspaceID: WorkspaceID, status: z.enum(["connected", "connecting", "disconnected", "error"]) })
  .meta({ id: "WorkspaceEventConnectionStatus" });
export type WorkspaceEventConnectionStatus = z.infer<typeof WorkspaceEventConnectionStatus>;
