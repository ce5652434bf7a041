/** What undoing or redoing a session told of files, from its metadata: those with conflicts were left alone. */
export function revertReport(metadata: Readonly<Record<string, unknown>> | undefined): { conflicts: string[]; inferred: string[] } {
  const report = metadata?.revert;
  if (typeof report !== "object" || report === null) return { conflicts: [], inferred: [] };
  return { conflicts: namesIn(Reflect.get(report, "conflicts")), inferred: namesIn(Reflect.get(report, "inferred")) };
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === "string") : [];
}
