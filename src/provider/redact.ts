const secretName = /(?:^|-)(?:key|keys|token|secret|password|authorization|credential|credentials|cookie|headers)$/;

/** Options without headers, without text under a name that speaks of a secret, and without the key itself wherever it stands. */
export function publicOptions(options: Record<string, unknown>, key: string | undefined): Record<string, unknown> {
  const named = Object.entries(options).filter(([name, value]) => !isSecretName(name) || !holdsText(value));
  const cleaned = named.map(([name, value]) => [name, publicValue(name, value, key)] as const);
  return Object.fromEntries(cleaned.filter(([, value]) => !holdsKey(value, key)));
}

/** `setCacheKey: true` is no secret: only what can hold text is. */
function holdsText(value: unknown): boolean {
  return typeof value === "string" || (typeof value === "object" && value !== null);
}

function holdsKey(value: unknown, key: string | undefined): boolean {
  return typeof value === "string" && key !== undefined && key !== "" && value.includes(key);
}

/** Whether a key says that its value is nobody's business. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replaceAll("_", "-");
  return secretName.test(words.toLowerCase());
}

function publicValue(name: string, value: unknown, key: string | undefined): unknown {
  if (typeof value === "string") return /url$/i.test(name) ? publicURL(value) : value;
  if (Array.isArray(value)) return value.map((item) => publicValue(name, item, key)).filter((item) => !holdsKey(item, key));
  return typeof value === "object" && value !== null ? publicOptions(value as Record<string, unknown>, key) : value;
}

/** A URL without user, password and query, which is where keys are put. */
export function publicURL(text: string): string {
  if (!URL.canParse(text)) return "";
  const url = new URL(text);
  if (url.username === "" && url.password === "" && url.search === "") return text;
  url.username = "";
  url.password = "";
  url.search = "";
  return url.href;
}
