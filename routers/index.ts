import { agentRouter } from "./agent.ts";
import { apiRouter } from "./api.ts";
import { auditRouter } from "./audit.ts";
import { authRouter } from "./auth.ts";
import { commandRouter } from "./command.ts";
import { configRouter } from "./config.ts";
import { doctorRouter } from "./doctor.ts";
import { eventRouter } from "./event.ts";
import { experimentalRouter } from "./experimental.ts";
import { fileRouter } from "./file.ts";
import { findRouter } from "./find.ts";
import { formatterRouter } from "./formatter.ts";
import { globalRouter } from "./global.ts";
import { instanceRouter } from "./instance.ts";
import { logRouter } from "./log.ts";
import { lspRouter } from "./lsp.ts";
import { mcpRouter } from "./mcp.ts";
import { memoryRouter } from "./memory.ts";
import { pathRouter } from "./path.ts";
import { permissionRouter } from "./permission.ts";
import { projectRouter } from "./project.ts";
import { providerRouter } from "./provider.ts";
import { questionRouter } from "./question.ts";
import { sessionRouter } from "./session.ts";
import { shareRouter } from "./share.ts";
import { skillRouter } from "./skill.ts";
import { tokenRouter } from "./token.ts";
import { toolRouter } from "./tool.ts";
import { router } from "./trpc.ts";
import { tuiRouter } from "./tui.ts";
import { usageRouter } from "./usage.ts";
import { vcsRouter } from "./vcs.ts";

/** Every procedure: what REST, OpenAPI, tRPC and the clients are made of. */
export const appRouter = router({
  agent: agentRouter,
  api: apiRouter,
  audit: auditRouter,
  auth: authRouter,
  command: commandRouter,
  config: configRouter,
  doctor: doctorRouter,
  event: eventRouter,
  experimental: experimentalRouter,
  file: fileRouter,
  find: findRouter,
  formatter: formatterRouter,
  global: globalRouter,
  instance: instanceRouter,
  log: logRouter,
  lsp: lspRouter,
  mcp: mcpRouter,
  memory: memoryRouter,
  path: pathRouter,
  permission: permissionRouter,
  project: projectRouter,
  provider: providerRouter,
  question: questionRouter,
  session: sessionRouter,
  share: shareRouter,
  skill: skillRouter,
  tool: toolRouter,
  token: tokenRouter,
  tui: tuiRouter,
  usage: usageRouter,
  vcs: vcsRouter,
});

export type AppRouter = typeof appRouter;
