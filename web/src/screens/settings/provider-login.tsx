import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ProviderAuthAuthorization, ProviderAuthMethod } from "../../../../src/client/client.ts";
import { useCalls } from "../../app/client.ts";
import { toast } from "../../app/toasts.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Select } from "../../ui/select.tsx";
import { LoginSteps } from "./login-steps.tsx";
import { useChange } from "./use-change.ts";

interface ProviderLoginProps {
  directory: string | undefined;
  providerID: string;
  /** Its place in the list of the provider's methods. */
  method: number;
  methods: ProviderAuthMethod[];
  onClose(): void;
}

/** A login at a provider: what it asks first, then the browser's part. */
export function ProviderLogin({ directory, providerID, method, methods, onClose }: ProviderLoginProps) {
  const { oauth } = useCalls(directory).provider;
  const queries = useQueryClient();
  const { isBusy, change } = useChange();
  const [begun, setBegun] = useState<ProviderAuthAuthorization>();
  const { label, prompts = [] } = methods[method] ?? { label: providerID };
  const begin = async (inputs: Record<string, string>) =>
    setBegun(await change(() => oauth.authorize.mutate({ providerID, method, inputs })));
  const done = () => {
    toast(`Logged in at ${providerID}`, { tone: "ok" });
    void queries.invalidateQueries();
    onClose();
  };
  if (begun !== undefined) {
    const isCode = begun.method === "code";
    return (
      <LoginSteps
        title={label}
        url={begun.url}
        instructions={begun.instructions}
        wait={isCode ? undefined : (signal) => oauth.callback.mutate({ providerID, method }, { signal })}
        onCode={isCode ? (code) => oauth.callback.mutate({ providerID, method, code }) : undefined}
        onDone={done}
        onClose={onClose}
      />
    );
  }
  return <Prompts title={label} prompts={prompts} isBusy={isBusy} onAnswer={(inputs) => void begin(inputs)} onClose={onClose} />;
}

interface PromptsProps {
  title: string;
  prompts: NonNullable<ProviderAuthMethod["prompts"]>;
  isBusy: boolean;
  onAnswer(inputs: Record<string, string>): void;
  onClose(): void;
}

function Prompts({ title, prompts, isBusy, onAnswer, onClose }: PromptsProps) {
  const [given, setGiven] = useState<Record<string, string>>({});
  const first = (prompt: PromptsProps["prompts"][number]) => (prompt.type === "select" ? (prompt.options[0]?.value ?? "") : "");
  const answerTo = (key: string) => {
    const prompt = prompts.find((other) => other.key === key);
    return given[key] ?? (prompt === undefined ? "" : first(prompt));
  };
  const shown = prompts.filter(({ when }) => when === undefined || (answerTo(when.key) === when.value) === (when.op === "eq"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAnswer(Object.fromEntries(shown.map(({ key }) => [key, answerTo(key)])));
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        {shown.length === 0 && <p>You log in at the provider's own page; the server keeps what comes of it.</p>}
        {shown.map((prompt) => {
          const choose = (value: string) => setGiven({ ...given, [prompt.key]: value });
          if (prompt.type === "text") {
            const { key, message, placeholder } = prompt;
            return (
              <Field
                key={key}
                label={message}
                placeholder={placeholder}
                value={answerTo(key)}
                onChange={({ target }) => choose(target.value)}
              />
            );
          }
          const options = prompt.options.map(({ label, value, hint }) => ({
            value,
            title: hint === undefined ? label : `${label} (${hint})`,
          }));
          return <Select key={prompt.key} label={prompt.message} value={answerTo(prompt.key)} options={options} onChoose={choose} />;
        })}
        <Button type="submit" variant="primary" disabled={isBusy}>
          {isBusy ? "Beginning…" : "Begin the login"}
        </Button>
      </form>
    </Dialog>
  );
}
