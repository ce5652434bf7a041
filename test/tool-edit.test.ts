import { expect, test } from "vitest";
import { workbench } from "./helpers/tool.ts";

/** Edits one file; the answer's text and what the file holds then. */
async function edited(text: string, change: { oldString: string; newString: string; replaceAll?: boolean }) {
  await using bench = await workbench({ "a.ts": text });
  await bench.run("read", { filePath: "a.ts" });
  const { output } = await bench.run("edit", { filePath: "a.ts", ...change });
  return { output, text: await bench.directory.read("a.ts") };
}

async function fault(text: string, change: { oldString: string; newString: string; replaceAll?: boolean }) {
  await using bench = await workbench({ "a.ts": text });
  await bench.run("read", { filePath: "a.ts" });
  const { message } = await bench.fault("edit", { filePath: "a.ts", ...change });
  expect(await bench.directory.read("a.ts")).toBe(text);
  return message;
}

test("blanks at line ends may differ", async () => {
  const result = await edited("one  \n  two\nthree\n", { oldString: "one\n  two \nthree", newString: "1\n  2\n3" });
  expect(result.text).toBe("1\n  2\n3\n");
  expect(result.output).toContain("with other blanks at line ends");
});

test("indentation may differ, and the new lines get the file's", async () => {
  const text = "class A {\n\tone() {\n\t\treturn 1;\n\t}\n}\n";
  const result = await edited(text, {
    oldString: "  one() {\n    return 1;\n  }",
    newString: "  one() {\n    if (x) {\n      return 2;\n    }\n    return 1;\n  }",
  });
  expect(result.text).toBe("class A {\n\tone() {\n\t\tif (x) {\n\t\t\treturn 2;\n\t\t}\n\t\treturn 1;\n\t}\n}\n");
  expect(result.output).toContain("with other indentation");
});

test("a text quoted without its outer indentation is put back with it", async () => {
  const text = "def a():\n    if x:\n        one()\n        two()\n";
  const result = await edited(text, {
    oldString: "if x:\n    one()\n    two()\n",
    newString: "if y:\n    one()\n    for z in x:\n        two()\n",
  });
  expect(result.text).toBe("def a():\n    if y:\n        one()\n        for z in x:\n            two()\n");
});

test("a quote whose indentation says nothing about the file's is refused", async () => {
  const text = "def a():\n  if x:\n    one()\n";
  const message = await fault(text, { oldString: "if x:\none()", newString: "if y:\ntwo()" });
  expect(message).toContain("Nearest are lines 2-3");
  expect(message).toContain("- if x:\n- one()\n+ 2:   if x:\n+ 3:     one()");
});

test("spacing within lines and typographic characters may differ", async () => {
  const spaced = await edited("const  a   = 1;\nlet b;\n", { oldString: "const a = 1;\nlet b;", newString: "const a = 2;" });
  expect(spaced.text).toBe("const a = 2;\n");
  const quoted = await edited('say("it\'s")\n', { oldString: "say(\u201Cit\u2019s\u201D)", newString: "say(1)" });
  expect(quoted.text).toBe("say(1)\n");
});

test("a slip between the first and the last of several lines is forgiven, and named", async () => {
  const text = "start();\nconst total = count + offset;\nreport(total, name);\nsave(total);\nend();\nrest();\n";
  const oldString = "start();\nconst total = count + offsets;\nreport(total, name);\nsave(total);\nend();";
  const result = await edited(text, { oldString, newString: "all();" });
  expect(result.text).toBe("all();\nrest();\n");
  expect(result.output).toContain("some letters between its first and last line");
  const far = oldString.replace("report(total, name);", "entirely(different);");
  expect(await fault(text, { oldString: far, newString: "all();" })).toContain("- entirely(different);");
});

test("a text that fits in two places by any tolerance is refused, with the lines", async () => {
  const text = "a {\n  x();\n}\nb {\n\tx();\n}\n";
  expect(await fault(text, { oldString: "        x();", newString: "y();" })).toContain("2 times with other indentation, in");
  const all = await edited(text, { oldString: "        x();", newString: "        y();", replaceAll: true });
  expect(all.text).toBe("a {\n  y();\n}\nb {\n\ty();\n}\n");
});

test("a tolerant edit keeps CRLF and the lines around it", async () => {
  const result = await edited("one\r\n  two\r\nthree\r\n", { oldString: "  two \nthree ", newString: "  2\n3" });
  expect(result.text).toBe("one\r\n  2\r\n3\r\n");
});

test("what one cannot see is shown in the comparison", async () => {
  const message = await fault("\tif (a) {\n\t\tb();\n", { oldString: "if (a) {\n\tc();  ", newString: "x" });
  expect(message).toContain("- \\tc();··");
  expect(message).toContain("+ 2: \\t\\tb();");
});
