import { type FormEvent, useId, useState } from "react";
import { createClient } from "../../../src/client/client.ts";
import { isRefusal, reasonOf } from "../live/follow.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { serverAddress } from "./base.ts";
import { keepLogin, type Login } from "./login.ts";

/** Asks for the password or a token until the server takes it. */
export function LoginForm({ onLogin }: { onLogin(login: Login): void }) {
  const [fault, setFault] = useState<string>();
  const [isWaiting, setWaiting] = useState(false);
  const remember = useId();
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const login = loginOf(String(given.get("username")), String(given.get("secret")));
    setWaiting(true);
    const refusal = await refusalOf(login);
    setWaiting(false);
    setFault(refusal);
    if (refusal !== undefined) return;
    keepLogin(login, { remember: given.has("remember") });
    onLogin(login);
  }
  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <form
        className="flex w-full max-w-sm flex-col gap-4 rounded-xl border border-line bg-raised p-6"
        onSubmit={(event) => void submit(event)}
      >
        <h1 className="font-semibold text-lg">Codeport</h1>
        <p className="text-muted">This server asks who you are.</p>
        <Field label="Password or token" name="secret" type="password" autoComplete="current-password" required autoFocus />
        <Field label="User name" name="username" autoComplete="username" defaultValue="opencode" hint="Not needed with a token." />
        <label htmlFor={remember} className="flex min-h-8 items-center gap-2 touch:min-h-11">
          <input id={remember} type="checkbox" name="remember" className="size-4 accent-accent" /> Remember me in this browser
        </label>
        {fault !== undefined && (
          <p role="alert" className="text-danger">
            {fault}
          </p>
        )}
        <Button type="submit" variant="primary" disabled={isWaiting}>
          {isWaiting ? "Asking…" : "Sign in"}
        </Button>
      </form>
    </main>
  );
}

function loginOf(username: string, secret: string): Login {
  return secret.startsWith("cpt_") ? { token: secret } : { username: username || "opencode", password: secret };
}

/** Why the server does not take it. */
async function refusalOf(login: Login): Promise<string | undefined> {
  try {
    await createClient({ url: serverAddress, ...login }).api.global.overview.query({ limit: 1 });
    return undefined;
  } catch (error) {
    return isRefusal(error) ? "That is not it: the server refused." : reasonOf(error);
  }
}
