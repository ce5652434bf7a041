import { useSyncExternalStore } from "react";
import { stored } from "./base.ts";

export type Theme = "light" | "dark" | "system";

const key = stored("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function chosen(): Theme {
  const value = localStorage.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

/** What is shown: never `system`. */
function shown(): "light" | "dark" {
  const theme = chosen();
  if (theme !== "system") return theme;
  return dark.matches ? "dark" : "light";
}

/** Shows what was chosen, and follows the system where nothing was. */
export function applyTheme(): void {
  const update = () => {
    document.documentElement.dataset.theme = shown();
    for (const listener of listeners) listener();
  };
  dark.addEventListener("change", update);
  addEventListener("storage", update);
  update();
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, theme);
  document.documentElement.dataset.theme = shown();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `chosen`: the user's choice; `shown`: what it comes to, for what cannot be styled (editors, plots). */
export function useTheme(): { chosen: Theme; shown: "light" | "dark" } {
  return { chosen: useSyncExternalStore(subscribe, chosen), shown: useSyncExternalStore(subscribe, shown) };
}
