import type { Deployment } from "../../config/plan/deployment";

/** The first instances of a deployment, or those of a model by its name: of its first region, and of the first variant. */
export function instancesOf({ regions }: Deployment, name?: string) {
  const [region] = regions;
  const model = region?.models.find((each) => name === undefined || each.name === name);
  const [variant] = model?.variants ?? [];
  if (region === undefined || model === undefined || variant === undefined) {
    throw new Error("there is no instance");
  }
  return [region, model, variant] as const;
}
