import type { ForOfStatement, Statement, VariableDeclaration } from "@swc/core";
import { Visitor } from "@swc/core/Visitor.js";

interface UsingDeclaration {
  type: "UsingDeclaration";
  decls: VariableDeclaration["declarations"];
}

/**
 * dependency-cruiser walks a file with swc's Visitor, which stops at `using` and `await using`: it does not know them. For
 * the imports in a file they are declarations like `const`, so the Visitor is shown those.
 */
export function teachUsing(): void {
  const { visitStatement, visitForOfStatement } = Visitor.prototype;
  Visitor.prototype.visitStatement = function (statement: Statement) {
    return visitStatement.call(this, asConst(statement));
  };
  Visitor.prototype.visitForOfStatement = function (loop: ForOfStatement) {
    return visitForOfStatement.call(this, { ...loop, left: asConst(loop.left) });
  };
}

function asConst<Node extends { type: string }>(node: Node): Node {
  if (node.type !== "UsingDeclaration") return node;
  const { decls } = node as unknown as UsingDeclaration;
  return { ...node, type: "VariableDeclaration", kind: "const", declare: false, declarations: decls };
}
