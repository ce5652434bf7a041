/** Hands the browser a file that was made here. */
export function download(name: string, { type, text }: { type: string; text: string }): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  // The click has taken what it needs when the next task runs.
  setTimeout(() => URL.revokeObjectURL(address));
}
