import { useSyncExternalStore } from "react";
import { reasonOf } from "../live/follow.ts";

export interface Toast {
  id: number;
  text: string;
  tone: "info" | "ok" | "danger";
  action?: { title: string; run(): void };
}

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Tells something in passing. Faults stay until they are closed. */
export function toast(text: string, { tone = "info", action }: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  last += 1;
  const id = last;
  change([...toasts.slice(-4), { id, text, tone, action }]);
  if (tone !== "danger") setTimeout(() => closeToast(id), action === undefined ? 4_000 : 8_000);
}

/** Tells why a call failed. */
export function toastFault(error: unknown): void {
  toast(reasonOf(error), { tone: "danger" });
}

export function closeToast(id: number): void {
  change(toasts.filter((shown) => shown.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
