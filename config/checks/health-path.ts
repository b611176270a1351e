import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import type { ModelFile } from "../schema/model";
import { presetOf, publicPathsOf } from "../servers/presets";
import type { Check } from "./check";

/** Health paths that tell more than health, where Route 53's health checks may be asked for by anybody. */
export const checkHealthPaths: Check = ({ file, deployment }) =>
  Object.entries(file.models).flatMap(([name, model]): readonly Diagnostic[] => {
    const asked = deployment.regions
      .flatMap(({ globalEndpoint }) => globalEndpoint?.models ?? [])
      .find((each) => each.name === name && each.healthCheckPath !== undefined);
    const usual = presetOf(model.server)?.healthPath ?? "a path that says nothing but health";
    return asked === undefined || !tellsMore(model)
      ? []
      : [
          warning(
            "health-path-not-public",
            ["models", name, "health", "path"],
            `anybody gets ${model.health.path} at ${asked.healthCheckPath}, where Route 53 asks whether the model works, and callers must not have it; write ${usual}, or globalEndpoint.health: { requests: false }`,
          ),
        ];
  });

function tellsMore({ server, port, health, metrics }: ModelFile): boolean {
  const isOfMetrics = metrics?.path === health.path && metrics?.port === (health.port ?? port);
  return (
    health.path !== undefined &&
    (isOfMetrics || publicPathsOf(server).notForCallers.includes(`GET ${health.path}`))
  );
}
