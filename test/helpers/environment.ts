import type { TestDirectory } from "./directory.ts";

/** The environment of a server process that keeps everything in a home of its own. */
export function testEnvironment(home: TestDirectory, config: object, variables: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...variables,
    PATH: process.env.PATH,
    HOME: home.path,
    XDG_DATA_HOME: home.join("data"),
    XDG_CONFIG_HOME: home.join("config"),
    XDG_STATE_HOME: home.join("state"),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
  };
}
