/** What a call of the official client answered; a failed one throws with the server's words. */
export function dataOf<Data>({ data, error }: { data?: Data; error?: unknown }): Data {
  if (data === undefined) throw new Error(`The call failed: ${JSON.stringify(error)}`);
  return data;
}

export const text = (value: string) => [{ type: "text" as const, text: value }];

export const mock = { providerID: "mock", modelID: "mock-1" };

/** A project with something for every call to find. */
export const project = {
  "README.md": "# Demo\n\nhello world\n",
  "src/hello.ts": "export function hello(name: string) {\n  return name;\n}\n",
  ".opencode/command/greet.md": "---\ndescription: Greets.\n---\nGreet $ARGUMENTS",
};

/** A todo list and an edit, as a model makes them. */
export const todo = { name: "todowrite", input: { todos: [{ content: "Greet", status: "pending", priority: "high" }] } };
export const edit = { name: "write", input: { filePath: "made.txt", content: "made\n" } };
