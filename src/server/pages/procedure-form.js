/** A form for the input of a procedure: `element`, and `read()`, the value that was entered. Throws Error that names the field that does not fit. */
export function createForm(schema) {
  if (schema === undefined) return { element: make("p", { className: "quiet", textContent: "Takes no input." }), read: () => undefined };
  const properties = resolve(schema, schema).properties;
  return properties === undefined ? wholeForm(schema) : fieldsForm(schema, properties);
}

/** An element with these properties and children. */
export function make(name, properties = {}, children = []) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function wholeForm(schema) {
  const area = make("textarea", { rows: 6, spellcheck: false });
  const element = make("label", {}, [make("span", { textContent: "Input as JSON" }), area, describe(schema)]);
  return { element, read: () => parse("the input", area.value) };
}

function fieldsForm(schema, properties) {
  const required = new Set(resolve(schema, schema).required ?? []);
  const fields = Object.entries(properties).map(([name, property]) => createField(name, { schema: property, root: schema, required }));
  const element = make(
    "div",
    { className: "fields" },
    fields.map((field) => field.element),
  );
  const read = () => {
    const entries = fields.map(({ name, read }) => [name, read()]).filter(([, value]) => value !== undefined);
    return entries.length === 0 && required.size === 0 ? {} : Object.fromEntries(entries);
  };
  return { element, read };
}

function createField(name, { schema, root, required }) {
  const resolved = resolve(schema, root);
  const { control, read } = createControl(name, resolved);
  control.required = required.has(name);
  const label = make("span", { textContent: required.has(name) ? `${name} *` : name });
  return { name, element: make("label", {}, [label, control, describe(resolved)]), read };
}

function createControl(name, schema) {
  const words = schema.const === undefined ? schema.enum : [schema.const];
  if (words || schema.type === "boolean") return choice((words ?? [true, false]).map((value) => JSON.stringify(value)));
  if (schema.type === "number" || schema.type === "integer") {
    const control = make("input", { type: "number", step: schema.type === "integer" ? "1" : "any" });
    return { control, read: () => (control.value === "" ? undefined : Number(control.value)) };
  }
  if (schema.type === "string") {
    const control = make("input", { type: "text", spellcheck: false });
    return { control, read: () => (control.value === "" && !control.required ? undefined : control.value) };
  }
  const control = make("textarea", { rows: 3, spellcheck: false, placeholder: "JSON" });
  return { control, read: () => parse(name, control.value) };
}

function choice(values) {
  const control = make(
    "select",
    {},
    ["", ...values].map((value) => make("option", { value, textContent: value })),
  );
  return { control, read: () => (control.value === "" ? undefined : JSON.parse(control.value)) };
}

function describe(schema) {
  const about = make("small", { className: "quiet", textContent: schema.description ?? "" });
  if (schema.type === "string" || schema.type === "boolean" || schema.enum) return about;
  const { $schema: _dialect, $defs: _named, ...shape } = schema;
  about.append(make("code", { textContent: ` ${JSON.stringify(shape)}` }));
  return about;
}

function parse(name, text) {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error.message}`);
  }
}

/** Follows a reference, and takes the one alternative that is more than nothing. */
function resolve(schema, root) {
  if (schema.$ref) return resolve(root.$defs?.[schema.$ref.split("/").at(-1)] ?? {}, root);
  const members = (schema.anyOf ?? []).filter(({ type }) => type !== "null");
  return members.length === 1 ? { ...resolve(members[0], root), description: schema.description } : schema;
}
