import type { ResolvedConfig } from "../config/config.ts";
import type { Formatters } from "../format/format.ts";
import type { ProviderService } from "../provider/provider.ts";
import type { Finding } from "../schema/doctor.ts";

/** The services of a directory that tell what its configuration comes to. */
export interface CheckedProject {
  config: ResolvedConfig;
  providers: Pick<ProviderService, "list" | "defaultModel">;
  formatters: Pick<Formatters, "status">;
}

/** What a directory's configuration comes to, as its services have read it. */
export async function checkProject({ config, providers, formatters }: CheckedProject): Promise<Finding[]> {
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
