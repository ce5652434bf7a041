import type { TestProject } from "vitest/node";
import { appRouter } from "../routers/index.ts";
import { buildDocument } from "../src/server/document.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The product's document, and the procedures it describes. */
    served: { procedures: string; document: string };
  }
}

/** Makes the document once: each test file would pay for the generator otherwise. */
export default function setup(project: TestProject): void {
  const document = JSON.stringify(buildDocument(appRouter, { version: "0", basePath: "" }));
  project.provide("served", { procedures: Object.keys(appRouter._def.procedures).join(" "), document });
}
