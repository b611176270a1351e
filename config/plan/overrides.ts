import type { Path } from "../diagnostics/diagnostic";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { instanceFieldNames } from "../schema/instance";
import type { ModelFile, VariantFile } from "../schema/model";
import { OBSERVABILITY_DEFAULT } from "../schema/observability";
import { type Apart, ownCommand, takenApart } from "../servers/own-command";
import { commandOf, type ServerName } from "../servers/presets";
import { SHELL_WORDS } from "../servers/run/shell-line";
import { sortedEntries } from "./order";

/** A value of the file, and where it is written. */
export interface Written<T> {
  readonly value: T;
  /** Where the value is written. When it is written nowhere: the most general place in which it may be. */
  readonly path: Path;
}

/** One place in the file in which some fields may be written. */
interface Layer<T> {
  readonly path: Path;
  readonly fields: Partial<T> | undefined;
  /** The field in which all these are written. Default: each in its own. */
  readonly within?: string;
}

/** A field from the first place that has it, whole. The last place is the most general one. */
function lookUp<T, F extends keyof T & string>(layers: readonly Layer<T>[], field: F): Written<T[F]> {
  const layer = layers.find(({ fields }) => fields?.[field] !== undefined) ?? layers.at(-1);
  return { value: layer?.fields?.[field] as T[F], path: [...(layer?.path ?? []), layer?.within ?? field] };
}

/** Whether a path is within one region's overrides. */
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

/** A region's overrides of a model; undefined when there are none, or the region leaves the model out. */
export function modelOverride({ regions }: ServingFile, region: string, model: string) {
  return regions[region]?.models?.[model] || undefined;
}

/** Name of the single variant of a model without `variants`. */
export const SINGLE_VARIANT = "main";

/** The variants of a model. A model without `variants` has one, {@link SINGLE_VARIANT}, with all the traffic. */
export function variantsOf(model: ModelFile): Readonly<Record<string, VariantFile>> {
  return model.variants ?? { [SINGLE_VARIANT]: { weight: 100 } };
}

/** Fields of a model that variants and regions may override. */
export type InstanceSettings = Pick<ModelFile, (typeof instanceFieldNames)[number]> & {
  /** Empty where neither `image` nor `run` is written, which checkRun reports. */
  readonly image: string;
};

/** The fields of instances as one place in the file has them. */
type WrittenSettings = Partial<Pick<ModelFile, (typeof instanceFieldNames)[number]>>;

/** The fields that a `run` line sets; those that it leaves open are written beside it, or elsewhere. */
export function settingsOfRun({ run }: WrittenSettings): WrittenSettings {
  return run === undefined
    ? {}
    : {
        image: run.image,
        arguments: [...run.arguments],
        env: run.env,
        command: [...run.command],
        sharedMemory: run.sharedMemory,
        stopSignal: run.stopSignal,
      };
}

/** The places in which the fields of a variant's instances in a region may be written, the most specific one first. */
export function instanceLayers(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): readonly { readonly path: Path; readonly fields: WrittenSettings }[] {
  const modelFile = file.models[model];
  const override = modelOverride(file, region, model);
  return [
    {
      path: ["regions", region, "models", model, "variants", variant],
      fields: override?.variants?.[variant] ?? {},
    },
    { path: ["models", model, "variants", variant], fields: modelFile?.variants?.[variant] ?? {} },
    { path: ["regions", region, "models", model], fields: override ?? {} },
    { path: ["models", model], fields: modelFile ?? {} },
  ];
}

/**
 * A field of a variant's instances in a region. The first of these that has it wins: the region's override of the
 * variant, the variant, the region's override of the model, the model. A `run` line is in place of the fields that it
 * sets.
 */
export function instanceSetting<F extends keyof InstanceSettings>(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
  field: F,
): Written<InstanceSettings[F]> {
  const layers = settingLayers(file, region, model, variant);
  const { value, path } = settingIn(layers, field);
  const started: Partial<WrittenSettings> =
    field === "command" || field === "arguments" ? startOf(layers, serverOf(file, model)) : {};
  return { value: (started[field] ?? value) as InstanceSettings[F], path };
}

/** The place of an argument, which may be written in `command`, behind the words that start the server or in a shell's line. */
export function argumentPath(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
  index: number,
): Path {
  const layers = settingLayers(file, region, model, variant);
  const { moved = [], field } = apartIn(layers, serverOf(file, model)) ?? {};
  const { path } = settingIn(layers, field ?? "command");
  const [from, place] =
    index < moved.length
      ? [path, moved[index]?.index ?? 0]
      : [settingIn(layers, "arguments").path, index - moved.length];
  // What a run line sets has no places of its own within the line.
  return from.at(-1) === "run" ? from : [...from, place];
}

function serverOf(file: ServingFile, model: string): ServerName {
  return file.models[model]?.server ?? "custom";
}

/** A command with the words that start the server: it up to these, and what follows them before the arguments. */
function startOf(
  layers: ReturnType<typeof settingLayers>,
  server: ServerName,
): Partial<Pick<InstanceSettings, "command" | "arguments">> {
  const apart = apartIn(layers, server);
  return apart === undefined
    ? {}
    : {
        command: [...apart.start],
        arguments: [
          ...apart.moved.map(({ word }) => word),
          ...(apart.field === "command" ? settingIn(layers, "arguments").value : []),
        ],
      };
}

/**
 * The written words that start the server, taken apart, and their field: `command`, or `arguments` of an image that runs
 * what it is given, where a program that starts the server, or a shell, comes first.
 */
function apartIn(
  layers: readonly Layer<WrittenSettings>[],
  server: ServerName,
): (Apart & { readonly field: "command" | "arguments" }) | undefined {
  const { value: command } = settingIn(layers, "command");
  if (command !== undefined) {
    const apart = takenApart(server, command);
    return apart && { ...apart, field: "command" };
  }
  const { value: words = [] } = settingIn(layers, "arguments");
  const [program = "-"] = commandOf(server, settingIn(layers, "image").value);
  const [first = "-"] = words;
  const isProgram = !/^-|=/.test(first) && !SHELL_WORDS.includes(first);
  const apart =
    program.startsWith("-") || !isProgram || ownCommand(server, words).length > 0
      ? undefined
      : takenApart(server, words);
  return apart && { ...apart, field: "arguments" };
}

/** As {@link instanceLayers}, with what a `run` line sets before what is written beside it. */
function settingLayers(...of: Parameters<typeof instanceLayers>): readonly Layer<WrittenSettings>[] {
  return instanceLayers(...of).flatMap(({ path, fields }): readonly Layer<WrittenSettings>[] => [
    { path, fields: settingsOfRun(fields), within: "run" },
    { path, fields },
  ]);
}

function settingIn<F extends keyof InstanceSettings>(
  layers: readonly Layer<WrittenSettings>[],
  field: F,
): Written<InstanceSettings[F]> {
  const { value, path } = lookUp(layers, field);
  return { value: settled(field, value) as InstanceSettings[F], path };
}

/** No image is an empty one; the empty command of a `run` line without an entry point is none. */
function settled(field: keyof InstanceSettings, value: unknown): unknown {
  if (field === "image") {
    return value ?? "";
  }
  return field === "command" && Array.isArray(value) && value.length === 0 ? undefined : value;
}

/** All fields of a variant's instances in a region. */
export function instanceSettings(
  file: ServingFile,
  region: string,
  model: string,
  variant: string,
): InstanceSettings {
  const layers = settingLayers(file, region, model, variant);
  const entries = instanceFieldNames.map((field) => [field, settingIn(layers, field).value]);
  return { ...Object.fromEntries(entries), ...startOf(layers, serverOf(file, model)) } as InstanceSettings;
}

/** The weight of a variant in a region. The region overrides the model. 0 when there is no such variant. */
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

/** A field of a region's entry. The region overrides the deployment. */
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

/** All fields of a region's entry that are written or have a default in the schema. */
export function entrySettings(file: ServingFile, region: string): EntryFile {
  return { ...file.entry, ...file.regions[region]?.entry };
}

/** What a model must survive in a region. The region overrides the model, which overrides the deployment. */
export function survival(file: ServingFile, region: string, model: string): Written<ServingFile["survive"]> {
  const layers: readonly Layer<Pick<ServingFile, "survive">>[] = [
    { path: ["regions", region, "models", model], fields: modelOverride(file, region, model) },
    { path: ["models", model], fields: file.models[model] },
    { path: [], fields: file },
  ];
  return lookUp(layers, "survive");
}

type TargetOptimizer = NonNullable<ModelFile["targetOptimizer"]>;

/** The image of Target Optimizer's agent in a region. The region overrides the model. Undefined without the agent. */
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

/** Whether a region sends logs and metrics to CloudWatch. The region overrides the deployment. */
export function isObserved({ regions, observability }: ServingFile, region: string): boolean {
  return (regions[region]?.observability ?? observability) !== false;
}

/**
 * A field of a region's logs and metrics. The region overrides the deployment. When the deployment sends none but the
 * region does, the schema's defaults apply.
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
