import { useState } from "react";
import { serverAddress } from "../../app/base.ts";
import { secretKind } from "../../app/login.ts";
import { Code } from "../../ui/code.tsx";
import { type Snippet, snippetsOf } from "../../ui/snippets.ts";
import { Tabs } from "../../ui/tabs.tsx";
import type { Procedure } from "./procedures.ts";
import { sdkMethods } from "./sdk-methods.ts";

interface CopiesProps {
  procedure: Procedure;
  value: unknown;
  directory: string | undefined;
}

/** The same call as code, to be copied. */
export function Copies({ procedure, value, directory }: CopiesProps) {
  const { path, type, rest, payload } = procedure;
  const [name, setName] = useState<Snippet["name"]>("tRPC");
  const call = { path, type, rest, payload, sdk: sdkMethods[rest ?? ""], input: value };
  const snippets = snippetsOf(call, { url: serverAddress, directory, secret: secretKind() });
  const chosen = snippets.some((snippet) => snippet.name === name) ? name : "tRPC";
  return (
    <section aria-labelledby="copies">
      <h3 id="copies" className="font-semibold">
        Copy as
      </h3>
      <Tabs
        label="Copy as"
        value={chosen}
        onChange={(next: Snippet["name"]) => setName(next)}
        tabs={snippets.map(({ name, language, code }) => ({ value: name, title: name, content: <Code code={code} language={language} /> }))}
      />
      {call.sdk === undefined && <p className="text-muted text-xs">OpenCode's SDK has no method for it.</p>}
    </section>
  );
}
