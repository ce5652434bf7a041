const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An id for a message that is to be sent, as the server makes them (`src/schema/id.ts`): whatever is sent twice with it has one effect. */
export function newMessageID(now = Date.now()): string {
  const time = ((BigInt(now) * 4096n) & 0xffffffffffffn).toString(16).padStart(12, "0");
  const random = crypto.getRandomValues(new Uint8Array(14));
  return `msg_${time}${Array.from(random, (byte) => letters[byte % letters.length]).join("")}`;
}
