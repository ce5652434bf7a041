import { z } from "zod";

export const ProjectVcs = z.literal("git").meta({ id: "ProjectVcs" });
export type ProjectVcs = z.infer<typeof ProjectVcs>;

export const ProjectIcon = z
  .object({ url: z.string().optional(), override: z.string().optional(), color: z.string().optional() })
  .meta({ id: "ProjectIcon" });
export type ProjectIcon = z.infer<typeof ProjectIcon>;

export const ProjectCommands = z.object({ start: z.string().optional() }).meta({ id: "ProjectCommands" });
export type ProjectCommands = z.infer<typeof ProjectCommands>;

export const ProjectTime = z
  .object({ created: z.int().min(0), updated: z.int().min(0), initialized: z.int().min(0).optional() })
  .meta({ id: "ProjectTime" });
export type ProjectTime = z.infer<typeof ProjectTime>;

export const Project = z
  .object({
    id: z.string(),
    worktree: z.string(),
    vcs: ProjectVcs.optional(),
    name: z.string().optional(),
    icon: ProjectIcon.optional(),
    commands: ProjectCommands.optional(),
    time: ProjectTime,
    sandboxes: z.array(z.string()),
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

export const Path = z
  .object({ home: z.string(), state: z.string(), config: z.string(), worktree: z.string(), directory: z.string() })
  .meta({ id: "Path" });
export type Path = z.infer<typeof Path>;

export const VcsInfo = z.object({ branch: z.string().optional(), default_branch: z.string().optional() }).meta({ id: "VcsInfo" });
export type VcsInfo = z.infer<typeof VcsInfo>;

const lines = z.number();
const change = z.enum(["added", "deleted", "modified"]);

export const VcsFileStatus = z
  .object({ file: z.string(), additions: lines, deletions: lines, status: change })
  .meta({ id: "VcsFileStatus" });
export type VcsFileStatus = z.infer<typeof VcsFileStatus>;

export const VcsFileDiff = z
  .object({ file: z.string(), patch: z.string().optional(), additions: lines, deletions: lines, status: change.optional() })
  .meta({ id: "VcsFileDiff" });
export type VcsFileDiff = z.infer<typeof VcsFileDiff>;

/** What the user says about a project. What is left out stays. */
export const ProjectUpdate = z.object({ name: z.string().optional(), icon: ProjectIcon.optional(), commands: ProjectCommands.optional() });
export type ProjectUpdate = z.infer<typeof ProjectUpdate>;

/** Where a project is checked out. */
export const ProjectDirectories = z
  .array(z.object({ directory: z.string(), strategy: z.string().optional() }))
  .meta({ id: "ProjectDirectories" });
export type ProjectDirectories = z.infer<typeof ProjectDirectories>;
