import type { EventLog } from "./event/log.ts";
import type { Instance } from "./instance.ts";
import type { PermissionService } from "./permission/permission.ts";
import type { ProjectService } from "./project/project.ts";
import type { SessionService } from "./session/session.ts";

/** Everything the server is, without a host. Services meet here and nowhere else. */
export interface App extends AsyncDisposable {
  version: string;
  /** The directory the server was started in. */
  directory: string;
  /** Allowed roots, absolute and resolved; `directory` is one of them. */
  roots: string[];
  log: EventLog;
  sessions: SessionService;
  permissions: PermissionService;
  projects: ProjectService;
  /** The services of a directory. Throws ForbiddenError outside the roots, NotFoundError if it does not exist or is not a directory. */
  instance(directory: string): Promise<Instance>;
}
