import { type Diagnostic, type Path, warning } from "../diagnostics/diagnostic";
import { isWritten } from "../plan/derived";
import type { VariantInRegion } from "./check";

/** What is full when a variant serves: the place in the file, and its names in sentences. */
export interface FullPlace {
  readonly path: Path;
  /** Its full name, in the singular. */
  readonly name: string;
  /** Its short name. */
  readonly what: string;
  /** What to do, at the end of one. */
  readonly remedy: string;
}

/** A refresh launches nothing into what is full, before it has ended an instance there. */
export function rolloutInFull(
  { model, variant, region }: VariantInRegion,
  { path, name, what, remedy }: FullPlace,
): readonly Diagnostic[] {
  const { min, max, minHealthy, maxHealthy, need } = variant.capacity;
  if (isWritten(minHealthy) || isWritten(maxHealthy)) {
    return minHealthy.value === 100 || maxHealthy.value > 100
      ? [
          warning(
            "rollout-in-full-block",
            ["models", model.name, "rollout"],
            `${variant.name} of ${model.name} is to launch new instances beside the old ones, and ${name} needs room for them: one instance more than max ${max.value}; else leave minHealthy and maxHealthy out, and an instance leaves before its successor starts`,
          ),
        ]
      : [];
  }
  const left = min.value - 1;
  return variant.weight === 0 || left >= (need?.value ?? 1)
    ? []
    : [
        warning(
          "rollout-in-full-block",
          path,
          `a new version ends an instance before it launches another, as ${what} has no room beside: ${left} of ${min.value} serve ${model.name} in ${region.name} meanwhile, ${need === undefined ? "" : `and the peak takes ${need.value}, `}for the load time of each; ${remedy}`,
        ),
      ];
}
