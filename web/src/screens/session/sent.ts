/** Prompts that this page has sent, and that its conversation does not show yet. */
const sent = new Set<string>();

export function noteSent(messageID: string): void {
  sent.add(messageID);
}

/** Whether one of these messages is such a prompt; each is told of once. */
export function takeSent(messageIDs: readonly string[]): boolean {
  return sent.size > 0 && messageIDs.filter((id) => sent.delete(id)).length > 0;
}
