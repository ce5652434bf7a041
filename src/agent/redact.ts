/** What an error may carry to clients and into the store: never a key, a cookie or a token. */

const secretHeader = /cookie|authorization|authenticate|api-?key|secret|credential|(auth|access|session|security|csrf|refresh)-?token/i;

const secretText: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g, "$1 [redacted]"],
  [/\b(sk|pk|rk|gsk|xai|key)-[A-Za-z0-9_-]{12,}/g, "$1-[redacted]"],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, "[redacted]"],
  [/([?&](?:api[-_]?key|key|token|access_token)=)[^&\s"']+/gi, "$1[redacted]"],
];

export function redact(text: string): string {
  return secretText.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

export function safeHeaders(headers: Record<string, string> | undefined): Record<string, string> | undefined {
  if (!headers) return undefined;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secretHeader.test(name)));
}

/** The address without user, password, query and fragment. */
export function safeURL(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.origin}${url.pathname}` : redact(address);
}
