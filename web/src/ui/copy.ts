import { toast, toastFault } from "../app/toasts.ts";

/** Puts a text on the clipboard and says so. */
export function copy(text: string, what = ""): void {
  navigator.clipboard.writeText(text).then(() => toast(what === "" ? "Copied" : `Copied ${what}`, { tone: "ok" }), toastFault);
}
