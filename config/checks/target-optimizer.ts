import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import type { Model } from "../plan/model";
import { modelOverride, targetOptimizerImage } from "../plan/overrides";
import type { ModelFile } from "../schema/model";
import { type At, type Check, modelFiles, type Subject } from "./check";
import { imageDiagnostics } from "./software";

/** Settings that AWS combines with Target Optimizer, and ports that its agent can use. */
export const checkTargetOptimizer: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ model, at }) =>
    model.targetOptimizer === undefined ? [] : exclusions(model, at),
  ),
  ...subject.deployment.regions.flatMap((region) =>
    region.models.flatMap((model) => agentDiagnostics(subject, region, model)),
  ),
];

/** Source: ELB user guide, "Target groups for your Application Load Balancers", Target optimizer. */
function exclusions(
  { algorithm, stickiness, health, timing }: ReturnType<typeof modelFiles>[number]["model"],
  at: At,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (algorithm !== undefined && algorithm !== "round_robin") {
    diagnostics.push(
      error(
        "target-optimizer-conflict",
        at("algorithm"),
        `Target Optimizer works with round_robin only, not ${algorithm}; remove it, or targetOptimizer`,
      ),
    );
  }
  if (stickiness.instance !== undefined) {
    diagnostics.push(
      error(
        "target-optimizer-conflict",
        at("stickiness", "instance"),
        "AWS does not support stickiness with Target Optimizer; remove it, or targetOptimizer",
      ),
    );
  }
  if (health.port !== undefined) {
    diagnostics.push(
      error(
        "target-optimizer-conflict",
        at("health", "port"),
        "health checks must go through Target Optimizer's agent, or an instance without one would count as healthy; remove it",
      ),
    );
  }
  if (timing.slowStart !== undefined && timing.slowStart > 0) {
    diagnostics.push(
      error(
        "target-optimizer-conflict",
        at("timing", "slowStart"),
        "with Target Optimizer an instance itself requests what it can serve, from the start; remove it, or targetOptimizer",
      ),
    );
  }
  return diagnostics;
}

function agentDiagnostics({ file }: Subject, region: Region, model: Model): readonly Diagnostic[] {
  if (model.targetOptimizer === undefined) {
    const here: Path = ["regions", region.name, "models", model.name, "targetOptimizer"];
    return modelOverride(file, region.name, model.name)?.targetOptimizer === undefined
      ? []
      : [
          error(
            "field-without-effect",
            here,
            `means nothing without models.${model.name}.targetOptimizer; add that, or remove this`,
          ),
        ];
  }
  const { path } = targetOptimizerImage(file, region.name, model.name);
  return [
    ...imageDiagnostics(region, model.targetOptimizer.image, path),
    ...portDiagnostics(model, file.models[model.name]?.probe, ["models", model.name, "targetOptimizer"]),
  ];
}

/** The agent shares the instance's network with the server, and has two ports of its own. */
function portDiagnostics(
  { port, metrics, targetOptimizer }: Model,
  probe: ModelFile["probe"],
  where: Path,
): readonly Diagnostic[] {
  const own = {
    port,
    "metrics.port": metrics?.port,
    "probe.port": typeof probe === "object" ? probe.port : undefined,
  };
  const clashes = (["port", "controlPort"] as const).flatMap((field) => {
    const number = targetOptimizer?.[field];
    const [owner] = Object.entries(own).find(([, taken]) => taken === number) ?? [];
    return owner === undefined
      ? []
      : [
          error(
            "port-taken",
            [...where, field],
            `${number} is the server's own ${owner}; the agent needs another one`,
          ),
        ];
  });
  return targetOptimizer?.port === targetOptimizer?.controlPort
    ? [
        ...clashes,
        error(
          "port-taken",
          [...where, "controlPort"],
          `the agent takes requests at port ${targetOptimizer?.port}; use another one`,
        ),
      ]
    : clashes;
}
