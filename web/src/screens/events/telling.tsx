import { type FormEvent, useId, useState } from "react";
import { useCalls } from "../../app/client.ts";
import { toast, toastFault } from "../../app/toasts.ts";
import { useSessions } from "../../live/hooks.ts";
import { Button } from "../../ui/button.tsx";
import { Field, inputClasses } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";

const commands = [
  "session.new",
  "session.list",
  "session.share",
  "session.interrupt",
  "session.compact",
  "session.first",
  "session.last",
].concat(["session.page.up", "session.page.down", "prompt.clear", "prompt.submit", "agent.cycle"]);
const tones = ["info", "success", "warning", "error"] as const;

/** The calls that say something: the prompt, a command, a notice, a session. */
export function Telling({ directory }: { directory: string | undefined }) {
  const { tui } = useCalls(directory);
  const sessions = useSessions().filter((session) => directory === undefined || session.directory === directory);
  return (
    <section aria-labelledby="control-forms">
      <h2 id="control-forms" className="mb-2 font-semibold">
        Tell something
      </h2>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Teller title="Prompt" done="Told the prompt" onTell={(given) => writePrompt(given, tui)}>
          <Field label="Text" name="text" required />
          <Select
            label="How"
            name="how"
            defaultValue="append"
            options={[
              { value: "append", title: "Append it" },
              { value: "replace", title: "Replace what is there" },
            ]}
            onChoose={() => {}}
          />
        </Teller>
        <Teller title="Command" done="Told the command" onTell={({ command = "" }) => tui.executeCommand.mutate({ command })}>
          <Suggested label="Command of the terminal client" name="command" words={commands} />
        </Teller>
        <Teller title="Notice" done="Told the notice" onTell={(given) => showNotice(given, tui)}>
          <Field label="Title" name="title" hint="Optional." />
          <Field label="Message" name="message" required />
          <Select label="Kind" name="variant" options={tones.map((tone) => ({ value: tone, title: tone }))} onChoose={() => {}} />
          <Field label="Duration in ms" name="duration" type="number" min={1} step={1} hint="5000 unless told." />
        </Teller>
        <Teller title="Session" done="Told the session" onTell={({ sessionID = "" }) => tui.selectSession.mutate({ sessionID })}>
          <Suggested
            label="Session to show"
            name="sessionID"
            words={sessions.map(({ id }) => id)}
            titles={sessions.map(({ title }) => title)}
          />
        </Teller>
      </div>
    </section>
  );
}

type Tui = ReturnType<typeof useCalls>["tui"];
type Given = Record<string, string>;

function writePrompt({ text = "", how }: Given, tui: Tui): Promise<boolean> {
  return how === "replace" ? tui.replacePrompt.mutate({ text }) : tui.appendPrompt.mutate({ text });
}

function showNotice({ title, message = "", variant, duration }: Given, tui: Tui): Promise<boolean> {
  const tone = tones.find((known) => known === variant) ?? "info";
  return tui.showToast.mutate({ message, variant: tone, ...(title && { title }), ...(duration && { duration: Number(duration) }) });
}

interface TellerProps {
  title: string;
  /** Said when it was told. */
  done: string;
  onTell(given: Given): Promise<unknown>;
  children: React.ReactNode;
}

function Teller({ title, done, onTell, children }: TellerProps) {
  const [isTelling, setTelling] = useState(false);
  const id = useId();
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]));
    setTelling(true);
    await onTell(given).then(() => toast(done, { tone: "ok" }), toastFault);
    setTelling(false);
  }
  return (
    <form
      aria-labelledby={id}
      className="flex flex-col items-stretch gap-3 rounded-lg border border-line p-4"
      onSubmit={(event) => void submit(event)}
    >
      <h3 id={id} className="font-semibold text-sm">
        {title}
      </h3>
      {children}
      <Button type="submit" disabled={isTelling} className="self-start">
        Tell
      </Button>
    </form>
  );
}

function Suggested({ label, name, words, titles = words }: { label: string; name: string; words: string[]; titles?: string[] }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input id={id} name={name} required list={`${id}-words`} autoComplete="off" spellCheck={false} className={inputClasses} />
      <datalist id={`${id}-words`}>
        {words.map((word, at) => (
          <option key={word} value={word}>
            {titles[at]}
          </option>
        ))}
      </datalist>
    </div>
  );
}
