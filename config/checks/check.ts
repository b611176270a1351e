import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import type { Deployment, Region } from "../plan/deployment";
import type { Model, Variant } from "../plan/model";
import { argumentPath, type InstanceSettings, instanceSetting } from "../plan/overrides";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";

/** What a check looks at: the file as it was written, and what it means. */
export interface Subject {
  readonly file: ServingFile;
  readonly deployment: Deployment;
}

/** A rule, or a few that belong together: what is wrong with a deployment by it. */
export type Check = (subject: Subject) => readonly Diagnostic[];

/** A variant in a region, with the place in the file that each of its settings comes from. */
export interface VariantInRegion {
  readonly region: Region;
  readonly model: Model;
  readonly variant: Variant;
  /** The place of a field of its instances, or of something within that field. */
  readonly at: (field: keyof InstanceSettings, ...rest: Path) => Path;
}

/** Every variant in every region. */
export function variantsInRegions({ file, deployment }: Subject): readonly VariantInRegion[] {
  return deployment.regions.flatMap((region) =>
    region.models.flatMap((model) =>
      model.variants.map((variant) => ({
        region,
        model,
        variant,
        at: (field: keyof InstanceSettings, ...rest: Path) => {
          const [index] = rest;
          if (field === "arguments" && typeof index === "number") {
            return argumentPath(file, region.name, model.name, variant.name, index);
          }
          const { path } = instanceSetting(file, region.name, model.name, variant.name, field);
          // What a run line sets has no places of its own within the line.
          return path.at(-1) === field ? [...path, ...rest] : path;
        },
      })),
    ),
  );
}

/** The place of what `argumentAnywhere` found: among the arguments, or behind them in a command of the team's own. */
export function whereWritten(settings: InstanceSettings, at: VariantInRegion["at"], index: number): Path {
  return index < settings.arguments.length ? at("arguments", index) : at("command");
}

/** The place of something within a part of the file. */
export type At = (...rest: Path) => Path;

/** Every model as the file has it, with the place of what is within. */
export function modelFiles({ file }: Subject): readonly {
  readonly name: string;
  readonly model: ModelFile;
  readonly at: At;
}[] {
  return Object.entries(file.models).map(([name, model]) => ({
    name,
    model,
    at: (...rest: Path) => ["models", name, ...rest],
  }));
}

/** How items of a list repeat one another. */
interface Repetition {
  /** What an item is called, by its index, such as `allow[0]`. */
  readonly called: (index: number) => string;
  /**
   * The end of the sentence: what comes of it, and what to do.
   * @default "; remove it"
   */
  readonly remedy?: string;
  /**
   * What is equal in two items that mean the same.
   * @default all of them
   */
  readonly essence?: (item: string) => string;
}

/** The error of an item of a list that repeats an earlier one. */
export function repetitions(
  items: readonly string[],
  index: number,
  path: Path,
  { called, remedy = "; remove it", essence = (item) => item }: Repetition,
): readonly Diagnostic[] {
  const essences = items.map(essence);
  const first = essences.indexOf(essences[index] ?? "");
  return first < index
    ? [error("duplicate-item", path, `${items[index]} repeats ${called(first)}${remedy}`)]
    : [];
}

/** Larger than any block a registry hands out, so that a few of them are the whole internet. */
export function isVast(cidr: string): boolean {
  const bits = Number(cidr.split("/")[1]);
  return bits < (cidr.includes(":") ? 16 : 8);
}
