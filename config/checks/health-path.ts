import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import { presetOf, publicPathsOf } from "../servers/presets";
import type { Check } from "./check";

/** Health paths that tell more than health, where Route 53's health checks may be asked for by anybody. */
export const checkHealthPaths: Check = ({ file, deployment }) =>
  Object.entries(file.models).flatMap(
    ([
      name,
      {
        server,
        health: { path },
        metrics,
      },
    ]): readonly Diagnostic[] => {
      const asked = deployment.regions
        .flatMap(({ globalEndpoint }) => globalEndpoint?.models ?? [])
        .find((each) => each.name === name && each.healthCheckPath !== undefined);
      const { notForCallers } = publicPathsOf(server);
      const isTelling =
        path !== undefined && (path === metrics?.path || notForCallers.includes(`GET ${path}`));
      return asked === undefined || !isTelling
        ? []
        : [
            warning(
              "health-path-not-public",
              ["models", name, "health", "path"],
              `anybody gets ${path} at ${asked.healthCheckPath}, where Route 53 asks whether the model works, and callers must not have it; write ${presetOf(server)?.healthPath ?? "a path that says nothing but health"}, or globalEndpoint.health: { requests: false }`,
            ),
          ];
    },
  );
