import { type FormEvent, useId, useState } from "react";
import { type CallState, useCall } from "../../app/call.ts";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Field, inputClasses } from "../../ui/field.tsx";
import { JsonTree } from "../../ui/json-tree.tsx";
import { Spinner } from "../../ui/spinner.tsx";

interface SideProps {
  directory: string | undefined;
}

/** A program's side: asks, and waits for what a terminal client answers. */
export function Asking({ directory }: SideProps) {
  const call = useCall({ path: "tui.ask", type: "mutation" }, directory);
  function ask(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const body = parsed(String(given.get("body")));
    if (body !== undefined) void call.run({ path: String(given.get("path")), body: body.value });
  }
  return (
    <section aria-labelledby="control-ask" className="flex min-w-0 flex-col gap-3 rounded-lg border border-line p-4">
      <h2 id="control-ask" className="font-semibold">
        Ask a terminal client
      </h2>
      <p className="text-muted">The request waits until a client takes it, and then for its answer.</p>
      <form className="flex flex-col gap-3" onSubmit={ask}>
        <Field label="Path" name="path" defaultValue="/echo" required spellCheck={false} />
        <JsonField label="Body as JSON" name="body" defaultValue="{}" />
        <div className="flex gap-2">
          <Button type="submit" disabled={call.state === "running"}>
            Ask
          </Button>
          {call.state === "running" && <Button onClick={call.stop}>Take it back</Button>}
        </div>
      </form>
      <Outcome call={call} waiting="Waiting for an answer" stopped="It was taken back." label="The answer" />
    </section>
  );
}

/** A terminal client's side: takes the next request, and answers it. */
export function Answering({ directory }: SideProps) {
  const call = useCall({ path: "tui.next", type: "query" }, directory);
  const { tui } = useCalls(directory);
  const [isAnswered, setAnswered] = useState(false);
  const take = () => {
    setAnswered(false);
    void call.run(undefined);
  };
  async function respond(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const response = parsed(String(new FormData(event.currentTarget).get("response")));
    if (response === undefined) return;
    await tui.respond.mutate({ response: response.value }).then(() => {
      setAnswered(true);
      toast("Answered", { tone: "ok" });
    }, toastFault);
  }
  const isOpen = call.state === "done" && !isAnswered;
  return (
    <section aria-labelledby="control-answer" className="flex min-w-0 flex-col gap-3 rounded-lg border border-line p-4">
      <h2 id="control-answer" className="font-semibold">
        Answer as a terminal client
      </h2>
      <p className="text-muted">Requests are handed out in their order, each once: one taken here reaches no other client.</p>
      <div className="flex gap-2">
        <Button onClick={take} disabled={call.state === "running" || isOpen}>
          Take the next request
        </Button>
        {call.state === "running" && <Button onClick={call.stop}>Stop waiting</Button>}
      </div>
      <Outcome call={call} waiting="Waiting for a request" stopped="No request was taken." label="The request" />
      {isOpen && (
        <form className="flex flex-col gap-3" onSubmit={(event) => void respond(event)}>
          <JsonField label="Response as JSON" name="response" defaultValue="true" />
          <Button type="submit" className="self-start">
            Respond
          </Button>
        </form>
      )}
      {isAnswered && <p role="status">It was answered.</p>}
    </section>
  );
}

interface OutcomeProps {
  call: CallState;
  waiting: string;
  stopped: string;
  label: string;
}

function Outcome({ call, waiting, stopped, label }: OutcomeProps) {
  if (call.state === "running") {
    return (
      <p className="flex items-center gap-2 text-muted">
        <Spinner label={waiting} /> {waiting}…
      </p>
    );
  }
  if (call.state === "stopped") return <p role="status">{stopped}</p>;
  if (call.state === "failed") {
    return (
      <p role="alert" className="text-danger">
        {call.fault?.message}
      </p>
    );
  }
  return call.state === "done" ? <JsonTree value={call.results[0]?.value} label={label} /> : null;
}

function JsonField({ label, name, defaultValue }: { label: string; name: string; defaultValue: string }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        id={id}
        name={name}
        rows={3}
        defaultValue={defaultValue}
        spellCheck={false}
        className={`${inputClasses} font-mono text-xs`}
      />
    </div>
  );
}

/** `undefined` for what is not JSON, which is said. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    toast(`That is not JSON: ${error instanceof Error ? error.message : String(error)}`, { tone: "danger" });
    return undefined;
  }
}
