import type { Path } from "../diagnostics/diagnostic";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { instanceFieldNames } from "../schema/instance";
import type { ModelFile, VariantFile } from "../schema/model";

/** Fields that a variant, and a region, may set over the model's own. */
export type InstanceSettings = Pick<ModelFile, (typeof instanceFieldNames)[number]>;

/** Name of the variant of a model that names none. */
export const SINGLE_VARIANT = "main";

/** One place in the file that may hold a field of a variant's instances, the strongest first. */
interface Layer {
  readonly path: Path;
  readonly fields: Partial<InstanceSettings>;
}

/**
 * The variants of a model in a region. A model without any has one, {@link SINGLE_VARIANT}, with all the traffic.
 */
export function variantsOf(model: ModelFile): Readonly<Record<string, VariantFile>> {
  return model.variants ?? { [SINGLE_VARIANT]: { weight: 100 } };
}

/**
 * Where a field of a variant's instances may stand, the strongest first:
 * the region's word on the variant, the variant, the region's word on the model, the model.
 */
function layers(file: ServingFile, region: string, model: string, variant: string): readonly Layer[] {
  const modelFile = file.models[model];
  const override = file.regions[region]?.models?.[model] || undefined;
  const candidates: readonly { path: Path; fields: Partial<InstanceSettings> | undefined }[] = [
    {
      path: ["regions", region, "models", model, "variants", variant],
      fields: override?.variants?.[variant],
    },
    { path: ["models", model, "variants", variant], fields: modelFile?.variants?.[variant] },
    { path: ["regions", region, "models", model], fields: override },
    { path: ["models", model], fields: modelFile },
  ];
  return candidates.flatMap(({ path, fields }) => (fields === undefined ? [] : [{ path, fields }]));
}

/** The settings of a variant's instances in a region: each field from the strongest place that has it, whole. */
export function instanceSettings(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): InstanceSettings {
  const places = layers(file, region, model, variant);
  const entries = instanceFieldNames.map((field) => [
    field,
    places.find(({ fields }) => fields[field] !== undefined)?.fields[field],
  ]);
  return Object.fromEntries(entries) as InstanceSettings;
}

/** The place in the file that a field of a variant's instances comes from; the model's, when it is written nowhere. */
export function instanceSettingPath(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
  field: keyof InstanceSettings,
): Path {
  const place = layers(file, region, model, variant).find(({ fields }) => fields[field] !== undefined);
  return [...(place?.path ?? ["models", model]), field];
}

/** The weight of a variant in a region. */
export function variantWeight(file: ServingFile, region: string, model: string, variant: string): number {
  const override = file.regions[region]?.models?.[model] || undefined;
  const modelFile = file.models[model];
  return override?.variants?.[variant]?.weight ?? (modelFile && variantsOf(modelFile)[variant]?.weight) ?? 0;
}

/** The place in the file that the weight of a variant comes from. */
export function variantWeightPath(file: ServingFile, region: string, model: string, variant: string): Path {
  const override = file.regions[region]?.models?.[model] || undefined;
  return override?.variants?.[variant]?.weight === undefined
    ? ["models", model, "variants", variant, "weight"]
    : ["regions", region, "models", model, "variants", variant, "weight"];
}

/** A region's entry: the deployment's, with what the region says over it. */
export function entrySettings(file: ServingFile, region: string): EntryFile {
  return { ...file.entry, ...file.regions[region]?.entry };
}

/** The place in the file that a field of a region's entry comes from. */
export function entrySettingPath(file: ServingFile, region: string, field: keyof EntryFile): Path {
  return file.regions[region]?.entry?.[field] === undefined
    ? ["entry", field]
    : ["regions", region, "entry", field];
}

/** What a model is to survive in a region: the region's word on it, the model's, the deployment's. */
export function survivalOf(file: ServingFile, region: string, model: string): ServingFile["survive"] {
  const override = file.regions[region]?.models?.[model] || undefined;
  return override?.survive ?? file.models[model]?.survive ?? file.survive;
}

/** The place in the file that {@link survivalOf} comes from; the deployment's, when it is written nowhere. */
export function survivalPath(file: ServingFile, region: string, model: string): Path {
  const override = file.regions[region]?.models?.[model] || undefined;
  if (override?.survive !== undefined) {
    return ["regions", region, "models", model, "survive"];
  }
  return file.models[model]?.survive === undefined ? ["survive"] : ["models", model, "survive"];
}
