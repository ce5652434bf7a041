import { toast } from "../app/toasts.ts";

/** Puts a text on the clipboard and says so. */
export function copy(text: string, what = ""): void {
  const done = () => toast(what === "" ? "Copied" : `Copied ${what}`, { tone: "ok" });
  const failed = () => toast("The browser does not let this page copy.", { tone: "danger" });
  // Browsers have it for https and this machine alone.
  if (navigator.clipboard !== undefined) navigator.clipboard.writeText(text).then(done, failed);
  else if (copySelected(text)) done();
  else failed();
}

function copySelected(text: string): boolean {
  const before = document.activeElement;
  const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "sr-only" });
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
