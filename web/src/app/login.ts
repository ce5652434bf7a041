import { stored } from "./base.ts";

/** What the server is told of who this is; neither where it needs no password. */
export interface Login {
  password?: string;
  /** Goes with the password. */
  username?: string;
  token?: string;
}

const key = stored("login");

/** What was kept: in the tab, or in the browser for who wanted to be remembered. */
export function keptLogin(): Login {
  const text = sessionStorage.getItem(key) ?? localStorage.getItem(key);
  const value: unknown = text === null ? {} : JSON.parse(text);
  return typeof value === "object" && value !== null ? value : {};
}

export function keepLogin(login: Login, { remember }: { remember: boolean }): void {
  sessionStorage.setItem(key, JSON.stringify(login));
  if (remember) localStorage.setItem(key, JSON.stringify(login));
  else localStorage.removeItem(key);
}

export function forgetLogin(): void {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}

/** What the server was told, if anything. */
export function secretKind(): "password" | "token" | undefined {
  const { password, token } = keptLogin();
  if (token !== undefined) return "token";
  return password === undefined ? undefined : "password";
}

/** The header that says who this is; none where the server needs no password. */
export function authorization({ password, username = "opencode", token } = keptLogin()): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (password === undefined) return {};
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}
