import { type Diagnostic, error, keyError, type Path, warning } from "../diagnostics/diagnostic";
import { listed } from "../diagnostics/text";
import { likelyKeys } from "../plan/api-key";
import type { Region } from "../plan/deployment";
import type { Model } from "../plan/model";
import { entrySetting } from "../plan/overrides";
import { asksForKey } from "../plan/public-paths";
import type { ServingFile } from "../schema/deployment";
import { presetOf } from "../servers/presets";
import type { Check } from "./check";

/** By what callers show who they are, nobody on the way can pass for them. */
export const checkEncryption: Check = ({ file, deployment }) =>
  deployment.regions.flatMap((region) => {
    if (region.entry.protocol === "https") {
      return [];
    }
    const at = (field: "callers" | "protocol") => entrySetting(file, region.name, field).path;
    switch (region.entry.callers.kind) {
      case "unauthenticated":
        return keyDiagnostics(file, region, at("protocol"));
      case "apiKey":
        return reachesTheInternet(region)
          ? [
              error(
                "callers-need-https",
                at("callers"),
                "without HTTPS whoever is on the way of a request reads its key, and a key is all that guards these models; write protocol: https and a domain",
              ),
            ]
          : keyDiagnostics(file, region, at("protocol"));
      default:
        return [wayDiagnostic(region.entry.callers.kind, at("callers"))];
    }
  });

/** AWS authenticates at listeners for HTTPS alone. */
function wayDiagnostic(way: string, path: Path): Diagnostic {
  return keyError(
    "callers-need-https",
    [...path, way],
    `a load balancer takes ${way} with HTTPS alone; write protocol: https and a domain, or callers: unauthenticated`,
  );
}

/** An accelerator leads from the internet to an internal load balancer too. */
function reachesTheInternet({ entry, globalEndpoint }: Region): boolean {
  return entry.scheme === "internet-facing" || globalEndpoint?.accelerated === true;
}

/** Keys that clients send, where HTTPS is not the only thing that guards the models. */
function keyDiagnostics(file: ServingFile, { models }: Region, path: Path): readonly Diagnostic[] {
  const keyed = models.filter((model) => takesKey(file, model)).map(({ name }) => name);
  return keyed.length === 0
    ? []
    : [
        warning(
          "key-unencrypted",
          path,
          `clients send the ${keyed.length === 1 ? "key" : "keys"} of ${listed(keyed)} over plain HTTP, where whoever is on the way reads what gives access; write protocol: https and a domain`,
        ),
      ];
}

/** Whether a server asks for a key; of one without a preset, whether the names of its secrets say so. */
function takesKey(file: ServingFile, { name, server, variants }: Model): boolean {
  return presetOf(server) === undefined
    ? variants.some(({ settings }) => likelyKeys(settings.secrets).length > 0)
    : asksForKey(file, name);
}
