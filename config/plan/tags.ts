import { protocolAt } from "./boot-config";
import type { Model, Variant } from "./model";

const DEPLOYMENT_TAGS = ["deployment", "managed-by"] as const;
const INSTANCE_TAGS = ["Name", "model", "variant", "metrics-port", "metrics-path", "metrics-scheme"] as const;

/** Keys of the tags that the stacks set. `serving.yaml` cannot set them. */
export const OWN_TAGS: readonly string[] = [...DEPLOYMENT_TAGS, ...INSTANCE_TAGS];

/** Tags of every resource: its deployment, and that Terraform manages it. */
export function deploymentTags(
  deployment: string,
): Readonly<Record<(typeof DEPLOYMENT_TAGS)[number], string>> {
  return { deployment, "managed-by": "terraform" };
}

/** Further tags of an instance: what it serves, and where it exposes its metrics. */
export function instanceTags(
  model: Model,
  variant: Variant,
): Readonly<Partial<Record<(typeof INSTANCE_TAGS)[number], string>>> {
  const { metrics } = model;
  return {
    Name: variant.groupName,
    model: model.name,
    variant: variant.name,
    ...(metrics && { "metrics-port": String(metrics.port), "metrics-path": metrics.path }),
    ...(metrics && protocolAt(model, metrics.port) === "https" && { "metrics-scheme": "https" }),
  };
}
