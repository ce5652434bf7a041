import { AppError } from "../schema/error.ts";

/**
 * Addresses to values. Literal segments win over `{parameters}`, those over a `{parameter...}` that takes one or more segments: the rest of
 * the path, or what comes before a literal end (`/file/{path...}/status` wins over `/file/{path...}`).
 */
export interface RouteTable<Value> {
  /** Throws Error when the address is taken. */
  add(method: string, path: string, value: Value): void;
  /** Throws NotFoundError, MethodNotAllowedError (with `allow`), or BadRequest for a path that does not decode. HEAD finds GET. */
  find(method: string, path: string): { value: Value; params: Record<string, string> };
}

interface Leaf<Value> {
  names: string[];
  value: Value;
}

interface Node<Value> {
  literals: Map<string, Node<Value>>;
  parameter?: Node<Value>;
  rest?: Node<Value>;
  methods: Map<string, Leaf<Value>>;
}

export function createRouteTable<Value>(): RouteTable<Value> {
  const root = createNode<Value>();
  return {
    add(method, path, value) {
      const node = split(path).reduce(grow, root);
      if (node.methods.has(method)) throw new Error(`Two procedures share the address ${method} ${path}.`);
      node.methods.set(method, { names: [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map((match) => match[1] ?? ""), value });
    },
    find(method, path) {
      const segments = split(path).map((segment) => decode(segment, path));
      const allowed = new Set<string>();
      for (const [node, values] of walk(root, segments)) {
        const leaf = node.methods.get(method === "HEAD" ? "GET" : method);
        if (leaf !== undefined)
          return { value: leaf.value, params: Object.fromEntries(leaf.names.map((name, at) => [name, values[at] ?? ""])) };
        for (const other of node.methods.keys()) allowed.add(other);
      }
      throw allowed.size === 0 ? unknownPath(method, path) : wrongMethod(method, path, allowed);
    },
  };
}

/** Every node with methods that the segments reach, best first, with the values of its parameters. */
function* walk<Value>(node: Node<Value>, segments: string[], values: string[] = []): Generator<[Node<Value>, string[]]> {
  const [segment, ...others] = segments;
  if (segment === undefined) {
    if (node.methods.size > 0) yield [node, values];
    return;
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined) yield* walk(literal, others, values);
  if (segment === "") return;
  if (node.parameter !== undefined) yield* walk(node.parameter, others, [...values, segment]);
  if (node.rest === undefined) return;
  for (let end = 1; end <= segments.length; end++) {
    yield* walk(node.rest, segments.slice(end), [...values, segments.slice(0, end).join("/")]);
  }
}

function grow<Value>(node: Node<Value>, segment: string): Node<Value> {
  if (/^\{\w+\.\.\.\}$/.test(segment)) {
    node.rest ??= createNode();
    return node.rest;
  }
  if (/^\{\w+\}$/.test(segment)) {
    node.parameter ??= createNode();
    return node.parameter;
  }
  const next = node.literals.get(segment) ?? createNode<Value>();
  node.literals.set(segment, next);
  return next;
}

function createNode<Value>(): Node<Value> {
  return { literals: new Map(), methods: new Map() };
}

function split(path: string): string[] {
  const trimmed = path.replace(/^\//, "");
  return trimmed === "" ? [] : trimmed.split("/");
}

function decode(segment: string, path: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError("BadRequest", `The path ${path} holds "${segment}", which is not percent-encoded UTF-8.`, { kind: "Params" });
  }
}

function unknownPath(method: string, path: string): AppError {
  return new AppError("NotFoundError", `There is nothing at ${method} ${path}. GET /doc lists every address.`, { path });
}

function wrongMethod(method: string, path: string, allowed: Set<string>): AppError {
  const allow = [...allowed, ...(allowed.has("GET") ? ["HEAD"] : []), "OPTIONS"];
  return new AppError("MethodNotAllowedError", `${path} does not answer ${method}, only ${allow.join(", ")}.`, { path, allow });
}
