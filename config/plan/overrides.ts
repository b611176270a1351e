import type { Path } from "../diagnostics/diagnostic";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { instanceFieldNames } from "../schema/instance";
import type { ModelFile, VariantFile } from "../schema/model";
import { OBSERVABILITY_DEFAULT } from "../schema/observability";
import { sortedEntries } from "./order";

/** A value of the file, and where it is written. */
export interface Written<T> {
  readonly value: T;
  /** The place that the value comes from; the most general one that may hold it, when it is written nowhere. */
  readonly path: Path;
}

/** One place in the file that may hold some fields. */
interface Layer<T> {
  readonly path: Path;
  readonly fields: Partial<T> | undefined;
}

/** A field, whole, from the first of some places that has it. The last place is the most general one. */
function lookUp<T, F extends keyof T & string>(layers: readonly Layer<T>[], field: F): Written<T[F]> {
  const layer = layers.find(({ fields }) => fields?.[field] !== undefined) ?? layers.at(-1);
  return { value: layer?.fields?.[field] as T[F], path: [...(layer?.path ?? []), field] };
}

/** Whether a path leads to what a region says for itself. */
export function isOfOneRegion([root]: Path): boolean {
  return root === "regions";
}

/** Whether a region serves a model. */
export function isServed({ regions }: ServingFile, region: string, model: string): boolean {
  return regions[region]?.models?.[model] !== false;
}

/** The models that a region serves, sorted by name. */
export function modelsIn(file: ServingFile, region: string): readonly (readonly [string, ModelFile])[] {
  return sortedEntries(file.models).filter(([model]) => isServed(file, region, model));
}

/** What a region says of a model; nothing, when it says nothing, or leaves the model out. */
export function modelOverride({ regions }: ServingFile, region: string, model: string) {
  return regions[region]?.models?.[model] || undefined;
}

/** Name of the variant of a model that names none. */
export const SINGLE_VARIANT = "main";

/** The variants of a model. A model that names none has one, {@link SINGLE_VARIANT}, with all the traffic. */
export function variantsOf(model: ModelFile): Readonly<Record<string, VariantFile>> {
  return model.variants ?? { [SINGLE_VARIANT]: { weight: 100 } };
}

/** Fields that a variant, and a region, may set over the model's own. */
export type InstanceSettings = Pick<ModelFile, (typeof instanceFieldNames)[number]>;

/**
 * A field of a variant's instances in a region. The region's override of the variant counts first, then the variant,
 * then the region's override of the model, then the model.
 */
export function instanceSetting<F extends keyof InstanceSettings>(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
  field: F,
): Written<InstanceSettings[F]> {
  const modelFile = file.models[model];
  const override = modelOverride(file, region, model);
  const layers: readonly Layer<InstanceSettings>[] = [
    {
      path: ["regions", region, "models", model, "variants", variant],
      fields: override?.variants?.[variant],
    },
    { path: ["models", model, "variants", variant], fields: modelFile?.variants?.[variant] },
    { path: ["regions", region, "models", model], fields: override },
    { path: ["models", model], fields: modelFile },
  ];
  return lookUp(layers, field);
}

/** All fields of a variant's instances in a region. */
export function instanceSettings(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): InstanceSettings {
  const entries = instanceFieldNames.map((field) => [
    field,
    instanceSetting(file, region, model, variant, field).value,
  ]);
  return Object.fromEntries(entries) as InstanceSettings;
}

/** The weight of a variant in a region: the region's, over the model's. 0, when there is no such variant. */
export function variantWeight(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): Written<number> {
  const modelFile = file.models[model];
  const layers: readonly Layer<{ readonly weight: number | undefined }>[] = [
    {
      path: ["regions", region, "models", model, "variants", variant],
      fields: modelOverride(file, region, model)?.variants?.[variant],
    },
    { path: ["models", model, "variants", variant], fields: modelFile && variantsOf(modelFile)[variant] },
  ];
  const { value = 0, path } = lookUp(layers, "weight");
  return { value, path };
}

/** A field of a region's entry: the region's, over the deployment's. */
export function entrySetting<F extends keyof EntryFile>(
  file: ServingFile,
  region: string,
  field: F,
): Written<EntryFile[F]> {
  const layers: readonly Layer<EntryFile>[] = [
    { path: ["regions", region, "entry"], fields: file.regions[region]?.entry },
    { path: ["entry"], fields: file.entry },
  ];
  return lookUp(layers, field);
}

/** All fields of a region's entry that are written, or have a default in the schema. */
export function entrySettings(file: ServingFile, region: string): EntryFile {
  return { ...file.entry, ...file.regions[region]?.entry };
}

/** What a model is to survive in a region: the region's word on it, over the model's, over the deployment's. */
export function survival(file: ServingFile, region: string, model: string): Written<ServingFile["survive"]> {
  const layers: readonly Layer<Pick<ServingFile, "survive">>[] = [
    { path: ["regions", region, "models", model], fields: modelOverride(file, region, model) },
    { path: ["models", model], fields: file.models[model] },
    { path: [], fields: file },
  ];
  return lookUp(layers, "survive");
}

type TargetOptimizer = NonNullable<ModelFile["targetOptimizer"]>;

/** The image of Target Optimizer's agent in a region: the region's, over the model's. Undefined without the agent. */
export function targetOptimizerImage(
  file: ServingFile,
  region: string,
  model: string,
): Written<string | undefined> {
  const layers: readonly Layer<TargetOptimizer>[] = [
    {
      path: ["regions", region, "models", model, "targetOptimizer"],
      fields: modelOverride(file, region, model)?.targetOptimizer,
    },
    { path: ["models", model, "targetOptimizer"], fields: file.models[model]?.targetOptimizer },
  ];
  return lookUp(layers, "image");
}

type Observability = typeof OBSERVABILITY_DEFAULT;

/** Whether a region sends logs and metrics to CloudWatch: as the region says, or else the deployment. */
export function isObserved({ regions, observability }: ServingFile, region: string): boolean {
  return (regions[region]?.observability ?? observability) !== false;
}

/**
 * A field of a region's logs and metrics: the region's, over the deployment's. A deployment that leaves them out has
 * the schema's defaults, for a region that does not.
 */
export function observabilitySetting<F extends keyof Observability>(
  { regions, observability }: ServingFile,
  region: string,
  field: F,
): Written<Observability[F]> {
  const layers: readonly Layer<Observability>[] = [
    { path: ["regions", region, "observability"], fields: regions[region]?.observability || undefined },
    { path: ["observability"], fields: observability || OBSERVABILITY_DEFAULT },
  ];
  return lookUp(layers, field);
}
