import type { Finding } from "./doctor.ts";
import type { Host } from "./env.ts";
import { startApp } from "./start.ts";

/** What this directory's configuration comes to: read by the services themselves, on a store that is not kept. */
export async function checkProject(host: Host): Promise<Finding[]> {
  await using app = await startApp({ directory: host.directory, roots: [], database: ":memory:" }, host);
  const { config, providers, formatters } = await app.instance(app.directory);
  const { connected } = await providers.list();
  const keyed = connected.filter((id) => id !== "offline");
  const enabled = (await formatters.status()).filter((formatter) => formatter.enabled).map(({ name }) => name);
  const { providerID, modelID } = await providers.defaultModel();
  return [
    { check: "configuration", status: "ok", message: config.sources.join(", ") || "no file" },
    ...config.warnings.map((message): Finding => ({ check: "configuration", status: "warn", message })),
    keyed.length > 0
      ? { check: "providers", status: "ok", message: keyed.join(", ") }
      : {
          check: "providers",
          status: "warn",
          message: "No key was found: only the offline model answers. codeport auth login stores one.",
        },
    { check: "model", status: "ok", message: `${providerID}/${modelID}` },
    { check: "formatters", status: "ok", message: enabled.join(", ") || "none found" },
  ];
}
