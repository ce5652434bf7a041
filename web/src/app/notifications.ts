import { useSyncExternalStore } from "react";
import { stored } from "./base.ts";

/** `unavailable`: the browser has none here, as over plain HTTP; `blocked`: its user does not want any of this origin. */
export type Notifying = "unavailable" | "blocked" | "off" | "on";

const key = stored("notifications");
const listeners = new Set<() => void>();

function current(): Notifying {
  if (!("Notification" in globalThis) || !isSecureContext) return "unavailable";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && localStorage.getItem(key) === "on" ? "on" : "off";
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function useNotificationState(): Notifying {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

/** Asks the browser's user; resolves when that was answered. To be called by a click. */
export async function turnOn(): Promise<void> {
  if (Notification.permission === "default") await Notification.requestPermission();
  localStorage.setItem(key, "on");
  tell();
}

export function turnOff(): void {
  localStorage.removeItem(key);
  tell();
}

export interface Notice {
  /** Of what it is about: the same again takes its place. */
  tag: string;
  title: string;
  text: string;
  onOpen(): void;
}

/** Tells who looks at something else, if that is wanted. Returns what takes it back. */
export function notify({ tag, title, text, onOpen }: Notice): () => void {
  if (current() !== "on") return () => {};
  const options = { tag, body: text, icon: new URL("icon.svg", document.baseURI).href };
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      onOpen();
      notification.close();
    };
    return () => notification.close();
  } catch {
    // Browsers of phones show only those of a service worker.
    void navigator.serviceWorker?.getRegistration().then((worker) => worker?.showNotification(title, options));
    return () => void navigator.serviceWorker?.getRegistration().then((worker) => closeAll(worker, tag));
  }
}

async function closeAll(worker: ServiceWorkerRegistration | undefined, tag: string): Promise<void> {
  for (const notification of (await worker?.getNotifications({ tag })) ?? []) notification.close();
}
