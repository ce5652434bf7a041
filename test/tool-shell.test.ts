import { mkdir, symlink } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { commandPatterns } from "../src/tool/shell-words.ts";
import { say, testApp, textOf, watch } from "./helpers/app.ts";
import { workbench } from "./helpers/tool.ts";

const place = { directory: "/work/project", environment: { HOME: "/home/me", PATH: "/bin" } };
const patternsOf = async (command: string) => (await commandPatterns(command, place)).patterns;
const pathsOf = async (command: string) => (await commandPatterns(command, place)).paths;

describe("the patterns of a command line", () => {
  test.each<[string, string[], string[]]>([
    ["echo hi", ["echo hi"], ["echo *"]],
    ["npm run build --silent", ["npm run build --silent"], ["npm run build *"]],
    ["git commit -m 'a; b && c'", ["git commit -m 'a; b && c'"], ["git commit *"]],
    ["cd sub && cargo test | tee log 2>&1", ["cargo test", "tee log"], ["cargo test *", "tee *"]],
    ["echo a; rm -rf /", ["echo a", "rm -rf /"], ["echo *", "rm *"]],
    ["sleep 1 & ls", ["sleep 1", "ls"], ["sleep *", "ls *"]],
    ["make &> log", ["make &> log"], ["make &> log"]],
    ["python -m pytest -q", ["python -m pytest -q"], ["python -m pytest *"]],
    ["git -c alias.x=y x", ["git -c alias.x=y x"], ["git -c alias.x=y x"]],
    ["PATH=/evil git status", ["PATH=/evil git status", "git status"], ["PATH=/evil git status", "git status *"]],
    ["constructor x", ["constructor x"], ["constructor *"]],
  ])("%s, and what an answer of always covers", async (command, patterns, always) => {
    expect(await commandPatterns(command, place)).toMatchObject({ patterns, always });
  });

  test.each<[string, string[]]>([
    ["cd x && rm -rf y", ["rm -rf y"]],
    ["cd x", []],
    ["cd $(pwd) && ls", ["cd $(pwd)", "pwd", "ls"]],
    ['echo "$(rm -rf /)"', ['echo "$(rm -rf /)"', "rm -rf /"]],
    ["echo `rm x` $((1 + $(rm y)))", ["echo `rm x` $((1 + $(rm y)))", "rm x", "rm y"]],
    ["diff <(a 1) <(b 2)", ["diff <(a 1) <(b 2)", "a 1", "b 2"]],
    ["for f in *; do rm $f; done", ["rm $f"]],
    ["if [ -f x ]; then a; elif b; then c; else d; fi", ["a", "b", "c", "d"]],
    ["while read l; do x $l; done < list", ["read l", "x $l", "< list"]],
    ["(cd a; rm b) && { c; d; } > e", ["rm b", "c", "d", "> e"]],
    ["case $x in a) b 1;; *) c 2;; esac", ["b 1", "c 2"]],
    ["f() { rm x; }; f", ["rm x", "f"]],
    ["export A=$(rm x); B=1; unset C", ["export A=$(rm x)", "rm x", "B=1", "unset C"]],
    ["a # rm x", ["a"]],
    ["! a && [[ -d b ]] || time c d", ["a", "c d"]],
    ["cat x 2>/dev/null >&2 | b > out", ["cat x", "b > out"]],
    ["cd a && make >> log 2>&1", ["make >> log"]],
  ])("%s are its simple commands", async (command, patterns) => {
    expect(await patternsOf(command)).toEqual(patterns);
  });

  test.each<[string, string[]]>([
    ["timeout 60 npm test", ["npm test"]],
    ["timeout -k 5 -s KILL 60 nice -n 10 nohup npm test", ["npm test"]],
    ["env npm test", ["npm test"]],
    ["env CI=1 npm test", ["npm test", "env CI=1 npm test"]],
    ["sudo -u root rm -rf x", ["rm -rf x", "sudo -u root rm -rf x"]],
    ["ls | xargs -n 1 rm -f", ["ls", "rm -f"]],
    ["sh -c 'cd a; rm -rf y; ls | wc -l'", ["rm -rf y", "ls", "wc -l"]],
    [`bash -lc "rm 'a b' && bash -c "id""`, ["rm 'a b'", "id"]],
    [`sh -c "rm $X"`, [`sh -c "rm $X"`, "rm"]],
    ["sh -c 'echo \"open'", ['echo "open']],
    ["eval 'rm x' y", ["rm x y"]],
    ["find . -name '*.o' -exec rm {} + -exec sh -c 'id' \\;", ["rm {}", "find . -name '*.o' -exec rm {} + -exec sh -c 'id' \\;", "id"]],
    ["command -v node", ["command -v node"]],
    ["env", ["env"]],
    ["bash script.sh -c x", ["bash script.sh -c x"]],
    ["\\rm x; 'rm' y; r\"m\" z", ["rm x", "rm y", "rm z"]],
    ["/bin/rm -rf x", ["/bin/rm -rf x", "rm -rf x"]],
    ["$CMD x", ["$CMD x"]],
  ])("%s are those it runs in its place", async (command, patterns) => {
    expect((await patternsOf(command)).toSorted()).toEqual(patterns.toSorted());
  });

  test("here-documents: their text counts where it is run, and so do the commands in it", async () => {
    expect(await patternsOf("cat <<EOF > out && ls\nhi $(rm x)\nEOF")).toEqual(["cat <<EOF > out", "ls", "rm x"]);
    expect(await patternsOf("bash <<'EOF'\nrm -rf z\nls\nEOF")).toEqual(["bash <<'EOF'", "rm -rf z", "ls"]);
    expect(await patternsOf("cat <<EOF | sh\nrm x\nEOF")).toEqual(["cat <<EOF", "sh"]);
    expect(await patternsOf("python3 - <<'EOF'\nprint(1)\nEOF")).toEqual(["python3 - <<'EOF'\nprint(1)\nEOF"]);
    expect(await patternsOf("rm <<EOF -rf x\nEOF")).toEqual(["rm -rf x <<EOF\nEOF"]);
    expect(await patternsOf("bash <<< 'rm x'")).toEqual(["bash <<< 'rm x'"]);
  });

  test.each(["echo 'open", "a; ; b", "if x; then", `${"a; ".repeat(40_000)}b`])(
    "what cannot be read is asked for as a whole",
    async (command) => {
      expect(await commandPatterns(command, place)).toEqual({ patterns: [command], always: [command], paths: [] });
    },
  );
});

describe("the paths that a command line names", () => {
  test.each<[string, string[]]>([
    ["cat /etc/passwd", ["/etc/passwd"]],
    ["rm ../../y", ["/y"]],
    ["echo x > /etc/x 2> ../err >/dev/null", ["/etc/x", "/work/err"]],
    ["sort < ~/list", ["/home/me/list"]],
    ["rm -rf \"$HOME/x\" '/etc/a b'", ["/home/me/x", "/etc/a b"]],
    ["cd .. && rm y", ["/work", "/work/y"]],
    ["cd src; (cd ../..; rm a); rm b", ["/work/project/src", "/work", "/work/a", "/work/project/src/b"]],
    ["cd / | rm x", ["/", "/work/project/x"]],
    ["cd $DIR && rm x", []],
    ["tar -C /etc --file=/usr/x -xf a", ["/etc", "/usr/x", "/work/project/a"]],
    ["dd if=/etc/x of=../y", ["/etc/x", "/work/y"]],
    ["gcc -I/usr/include -I../inc a.c", ["/usr/include", "/work/inc"]],
    ["ls /etc/*.conf ../{a,b}/c", ["/etc/", "/work/a/c", "/work/b/c"]],
    ["sh -c 'cat /etc/passwd'", ["/etc/passwd"]],
    ["curl file:///etc/passwd", ["/etc/passwd"]],
    ["HOME=/x; cat ~/y", ["/work/project/~/y"]],
    ["sed -n '/api/,/users/p' a; curl https://host/etc/x; grep /no-such-place/x a", []],
    ["node -e 'a/b'; git log origin/main", ["/work/project/a/b", "/work/project/origin/main"]],
  ])("%s", async (command, paths) => {
    expect(await pathsOf(command)).toEqual(paths);
  });
});

test("paths outside ask for external_directory before the command is asked for; those inside do not", async () => {
  await using bench = await workbench({ "sub/a.txt": "one\n" });
  const parent = bench.outside("").replace(/\/$/, "");
  await bench.run("bash", { command: "cat sub/a.txt && cd sub && cat ../sub/a.txt > /dev/null" });
  expect(bench.asks.map(({ permission }) => permission)).toEqual(["bash"]);
  await mkdir(`${parent}/other`);
  await bench.run("bash", { command: "ls ../other; echo x > ../made.txt" });
  expect(bench.asks.slice(1)).toMatchObject([
    { permission: "external_directory", patterns: [`${parent}/other/*`, `${parent}/*`] },
    { permission: "bash", patterns: ["ls ../other", "echo x > ../made.txt"] },
  ]);
  await symlink(`${parent}/other`, bench.directory.join("link"));
  await bench.run("bash", { command: "touch link/x" });
  expect(bench.asks[3]).toMatchObject({ permission: "external_directory", patterns: [`${parent}/other/*`] });
  await bench.run("bash", { command: "true" }, { worktree: "/", directory: bench.directory.path });
  const refuse = { ask: ({ permission }: { permission: string }) => Promise.reject(new Error(permission)) };
  await expect(bench.run("bash", { command: "cat ../other/x" }, refuse)).rejects.toThrow("external_directory");
  await expect(bench.run("bash", { command: "cd sub", workdir: "." }, refuse)).resolves.toMatchObject({ metadata: { exit: 0 } });
});

test("in a session: a rule about rm holds wherever the command line hides it", async () => {
  await using server = await testApp({
    files: { "y/keep.txt": "keep\n" },
    config: { permission: { bash: { "*": "allow", "rm *": "ask" } } },
  });
  using events = watch(server.app);
  server.model
    .calls([
      { name: "bash", input: { command: "cd y && ls" } },
      { name: "bash", input: { command: "cd . && timeout 9 sh -c 'rm -rf y'" } },
    ])
    .text("Done.");
  const session = await server.app.sessions.create(server.repository.path, { title: "S" });
  const answer = server.app.sessions.prompt(session.id, say("go"));
  const { properties: request } = await events.until("permission.asked");
  expect(request).toMatchObject({ permission: "bash", patterns: ["rm -rf y"], always: ["rm *"] });
  await server.app.permissions.reply(request.id, { reply: "reject", message: "keep it" });
  expect(textOf(await answer)).toBe("Done.");
  expect(await server.repository.read("y/keep.txt")).toBe("keep\n");
  expect(events.seen.filter(({ type }) => type === "permission.asked")).toHaveLength(1);
});
