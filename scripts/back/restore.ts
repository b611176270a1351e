import { isDeepStrictEqual } from "node:util";
import { renderUserData } from "../../boot/user-data";
import { formatPath } from "../../config/diagnostics/diagnostic";
import { type Loaded, load } from "../../config/load";
import { instanceFacts } from "../../config/plan/boot-config";
import type { Region } from "../../config/plan/deployment";
import type { Model, Variant } from "../../config/plan/model";
import { instanceSetting } from "../../config/plan/overrides";
import { parseSource } from "../../config/source/parse";
import { type UnpackedUserData, unpackUserData } from "../../testing/user-data";
import { editAlone } from "./edit-alone";
import type { Edit } from "./edit-yaml";

type Facts = UnpackedUserData["facts"];
type Accepted = Extract<Loaded, { readonly ok: true }>;

/** A variant of a model in a region. */
export interface Place {
  readonly region: Region;
  readonly model: Model;
  readonly variant: Variant;
}

/** What `npm run back` restores: image, arguments and weights. */
const RESTORED = ["IMAGE", "ARGUMENTS", "WEIGHTS_URI", "WEIGHTS_MIRRORS", "WEIGHTS_SHA256"] as const;

/** Whether two versions differ in what is restored. */
export function differ(a: Facts, b: Facts): boolean {
  return RESTORED.some((name) => !isDeepStrictEqual(a.get(name), b.get(name)));
}

/** The file with the image, the arguments and the weights of an earlier version. */
export interface Restored {
  readonly text: string;
  /** Other facts of that version that the file does not lead to, by name, e.g. `ENVIRONMENT`. */
  readonly unlike: readonly string[];
  /** Other variants and regions that the same change makes launch something else, in the order of the file's plan. */
  readonly shared: readonly Place[];
}

/**
 * @param text the file
 * @param more other edits that go with it
 * @throws Error when the file cannot say what that version ran
 */
export function restore(
  text: string,
  file: string,
  { region, model, variant }: Place,
  facts: Facts,
  more: readonly Edit[],
): Restored {
  const loaded = accept(text, file);
  const pathOf = (field: "image" | "arguments" | "weights") => {
    const { path } = instanceSetting(loaded.file, region.name, model.name, variant.name, field);
    if (path.at(-1) !== field) {
      throw new Error(
        `${formatPath(path)} of ${file} has the ${field}: replace the line by image and arguments first`,
      );
    }
    return path as Edit["path"];
  };
  const weights = variant.settings.weights;
  const uri = only(facts, "WEIGHTS_URI");
  if (uri !== "" && weights === undefined) {
    throw new Error(`that version had weights from ${uri}: add weights with their size to ${file} first`);
  }
  const edits: Edit[] = [
    { path: pathOf("image"), value: only(facts, "IMAGE") },
    ...(uri === ""
      ? [{ path: pathOf("weights"), value: undefined }]
      : [
          { path: [...pathOf("weights"), "uri"], value: uri },
          { path: [...pathOf("weights"), "mirrors"], value: listOrNone(facts.get("WEIGHTS_MIRRORS")) },
          { path: [...pathOf("weights"), "sha256"], value: only(facts, "WEIGHTS_SHA256") || undefined },
        ]),
    ...more,
  ];
  const needed = (candidates: readonly Edit[]) =>
    candidates.filter(({ path, value }) => !isDeepStrictEqual(valueIn(loaded.value, path), value));
  const restored = (result: string): Restored => {
    const after = accept(result, file);
    return {
      text: result,
      unlike: unlike(factsIn(after, region.name, model.name, variant.name), facts),
      shared: changedPlaces(loaded, after).filter(
        (at) =>
          !(
            at.region.name === region.name &&
            at.model.name === model.name &&
            at.variant.name === variant.name
          ),
      ),
    };
  };
  const without = editAlone(text, file, needed(edits));
  const planned = factsIn(accept(without, file), region.name, model.name, variant.name);
  if (isDeepStrictEqual(planned.get("ARGUMENTS"), facts.get("ARGUMENTS"))) {
    return restored(without);
  }
  // The server's own arguments come first, so what follows them in that version is what the file had.
  const place = pathOf("arguments");
  const own = factsIn(
    accept(editAlone(without, file, [{ path: place, value: [] }]), file),
    region.name,
    model.name,
    variant.name,
  ).get("ARGUMENTS");
  const wanted = facts.get("ARGUMENTS") ?? [];
  const written = wanted.slice(own?.length ?? 0);
  if (!isDeepStrictEqual(wanted.slice(0, own?.length ?? 0), own)) {
    throw new Error(
      `that version ran with ${JSON.stringify(wanted)}, and other fields of ${file} now lead to ${JSON.stringify(own)} before the arguments that it writes: undo their change by hand`,
    );
  }
  return restored(editAlone(without, file, [{ path: place, value: written }]));
}

/** The variants in regions whose instances another text of the file changes. */
function changedPlaces(before: Accepted, after: Accepted): readonly Place[] {
  return before.deployment.regions.flatMap((region) =>
    region.models.flatMap((model) =>
      model.variants
        .filter(
          ({ name }) =>
            !isDeepStrictEqual(
              factsIn(before, region.name, model.name, name),
              factsIn(after, region.name, model.name, name),
            ),
        )
        .map((variant) => ({ region, model, variant })),
    ),
  );
}

/** Facts of a variant's instances as a file has them. */
export function factsIn({ deployment }: Accepted, region: string, model: string, variant: string): Facts {
  const place = placeIn(deployment.regions, region, model, variant);
  const facts = unpackUserData(
    renderUserData(instanceFacts(place.region, place.model, place.variant)).toString("base64"),
  )?.facts;
  if (facts === undefined) {
    throw new Error("the user data cannot be read back");
  }
  return facts;
}

/** @throws Error that names what there is, when there is no such region, model or variant, or it is not said which */
export function placeIn(
  regions: readonly Region[],
  regionName: string,
  modelName: string,
  variantName: string | undefined,
): Place {
  const region = named(regions, "region", regionName);
  const model = named(region.models, "model", modelName);
  const [single, ...others] = model.variants;
  if (variantName === undefined && (single === undefined || others.length > 0)) {
    throw new Error(`${modelName} has several variants; add one of ${names(model.variants)}`);
  }
  return { region, model, variant: named(model.variants, "variant", variantName ?? single?.name ?? "") };
}

/** @throws Error that names what there is, when there is none with the name */
export function named<T extends { readonly name: string }>(all: readonly T[], what: string, name: string): T {
  const found = all.find((each) => each.name === name);
  if (found === undefined) {
    throw new Error(`there is no ${what} ${name}; write one of ${names(all)}`);
  }
  return found;
}

function names(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(", ");
}

function accept(text: string, file: string): Accepted & { readonly value: unknown } {
  const source = parseSource(file, text);
  const loaded = "diagnostics" in source ? { ok: false as const, ...source } : load(source);
  if (!loaded.ok || "diagnostics" in source) {
    const [first] = "diagnostics" in loaded ? loaded.diagnostics : [];
    throw new Error(`${file} would be refused with that version: ${first?.message}`);
  }
  return { ...loaded, value: source.value };
}

/** Names of the facts of a version that the file does not lead to. */
function unlike(planned: Facts, facts: Facts): readonly string[] {
  return [...facts.keys()].filter((name) => !isDeepStrictEqual(planned.get(name), facts.get(name)));
}

function only(facts: Facts, name: string): string {
  return facts.get(name)?.[0] ?? "";
}

function listOrNone(values: readonly string[] = []): readonly string[] | undefined {
  return values.length > 0 ? values : undefined;
}

function valueIn(value: unknown, path: Edit["path"]): unknown {
  return path.reduce<unknown>(
    (within, step) => (within as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}
