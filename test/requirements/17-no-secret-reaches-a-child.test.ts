import { expect, test } from "vitest";
import { say } from "../helpers/app.ts";
import { type TestServer, testServer } from "../helpers/server.ts";

const variables = {
  OPENCODE_SERVER_PASSWORD: "SECRET-password",
  OPENCODE_SERVER_USERNAME: "SECRET-user",
  OPENAI_API_KEY: "SECRET-openai",
  ANTHROPIC_API_KEY: "SECRET-anthropic",
  CODEPORT_DB: "SECRET-database",
  GITHUB_TOKEN: "SECRET-github",
  AWS_SECRET_ACCESS_KEY: "SECRET-aws",
  DATABASE_PASSWORD: "SECRET-database-password",
  HARMLESS: "to be seen",
};

/** Every kind of child that a server starts, each of which writes its environment to a file of its own. */
async function dumping(): Promise<TestServer> {
  const dump = (name: string) => ["/bin/sh", "-c", `env > "$PWD/${name}.env"; cat > /dev/null`];
  return testServer({
    variables,
    database: ":memory:",
    files: { "a.txt": "a\n", ".gitattributes": "*.txt filter=dump\n" },
    config: (url) => ({
      ...({ permission: "allow" } as const),
      mcp: { dump: { type: "local", command: dump("mcp"), timeout: 500 } },
      lsp: { dump: { command: dump("lsp"), extensions: [".dump"] } },
      formatter: { dump: { command: ["/bin/sh", "-c", 'env > "$PWD/formatter.env"', "$FILE"], extensions: [".dump"] } },
      command: { dump: { template: "!`env > command.env` go on" } },
      username: url,
    }),
  });
}

test.runIf(process.platform !== "win32")("no child of a server finds a secret of it in its environment", async () => {
  await using server = await dumping();
  const { app, model, repository } = server;
  await repository.git("config", "filter.dump.clean", `env > ${repository.join("git.env")}; cat`);
  const session = await app.sessions.create(repository.path, { title: "Mine" });
  model
    .calls({ name: "bash", input: { command: "env > bash.env; env", description: "dump" } })
    .calls({ name: "write", input: { filePath: repository.join("x.dump"), content: "x" } })
    .text("Done.")
    .text("Done.");
  const answer = await app.sessions.prompt(session.id, say("go"));
  expect(answer.info).not.toHaveProperty("error");
  await app.sessions.command(session.id, { command: "dump", arguments: "" });
  await app.sessions.shell(session.id, { agent: "build", command: "env > shell.env" });
  await (await app.instance(repository.path)).mcp.status();
  await repository.write({ "a.txt": "b\n" });
  await (await app.instance(repository.path)).vcs.status();

  for (const name of ["bash", "formatter", "command", "shell", "mcp", "lsp", "git"]) {
    const text = await repository.read(`${name}.env`);
    expect([name, text.includes("HARMLESS=to be seen"), /SECRET-\w+/.exec(text)?.[0]]).toEqual([name, true, undefined]);
  }
  // Nor does the model hear of one, which was told what the command printed.
  expect(JSON.stringify(model.requests())).not.toContain("SECRET-");
});
