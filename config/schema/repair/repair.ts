import * as z from "zod";
import type { Diagnostic, Path } from "../../diagnostics/diagnostic";
import { closest } from "../../diagnostics/suggest";
import { servingFileSchema } from "../deployment";
import { diagnosticsFromZod } from "../errors/from-zod";
import { renamedField } from "../renamed";
import { usualName } from "../usual-names";
import { coreOf, type Definition, defOf, schemaAt, valueAt } from "../walk";
import { mayBeAbsent, sampleValues } from "./sample-values";

/** A file with something well-formed wherever it was malformed. */
export interface Repaired {
  readonly value: unknown;
  /** Where a sample value was put, or something was left out. */
  readonly places: readonly Path[];
  /** The malformed name by the sample name that replaces it. */
  readonly names: ReadonlyMap<string, string>;
  /** Entries with malformed names that were left out, whatever was wrong within. */
  readonly gone: readonly Path[];
}

/** Rounds after which a file is given up: a replacement may itself be malformed. */
const MOST_ROUNDS = 10;

/**
 * Puts something well-formed wherever a file is malformed, so that the rest of it can be checked.
 *
 * @param choice which of the possible replacements to take: another number, another file
 * @returns nothing, when it cannot be repaired
 */
export function repair(value: unknown, choice: number): Repaired | undefined {
  const root: unknown = structuredClone(value);
  const places: Path[] = [];
  const names = new Map<string, string>();
  const gone: Path[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const parsed = servingFileSchema.safeParse(root);
    if (parsed.success) {
      return { value: root, places, names, gone };
    }
    for (const { path, at } of diagnosticsFromZod(parsed.error.issues, root, servingFileSchema)) {
      const fault = nearest(root, path);
      if (fault === undefined) {
        return undefined;
      }
      const options = fault.length === path.length ? optionsFor(root, path, at) : optionsFor(root, fault);
      const option = options[(choice + round) % options.length];
      repairOne(root, fault, option, places, names);
      if (option === "leave it out" && options.some((other) => other !== option && "name" in other)) {
        gone.push(fault);
      }
    }
  }
  return undefined;
}

/** How many choices make a difference: as many as the fault with the most replacements has. */
export function choicesFor(value: unknown, faults: readonly Diagnostic[]): number {
  return Math.max(1, ...faults.map(({ path, at }) => optionsFor(value, path, at).length));
}

/** What can be done about a fault: put another value, give it another name, or leave it out. */
type Option =
  | { readonly value: unknown }
  | { readonly name: string; readonly isSample: boolean }
  | "leave it out";

function optionsFor(root: unknown, path: Path, at: Diagnostic["at"] = "value"): readonly Option[] {
  const parent = path.slice(0, -1);
  const holder = holderOf(root, parent);
  if (at === "key") {
    return namesFor(path, valueAt(root, parent), holder);
  }
  const schema = schemaAt(servingFileSchema, path, root);
  if (schema === undefined) {
    return ["leave it out"];
  }
  const values = sampleValues(schema).map((value) => ({ value: withNamesUsed(value, schema, root, path) }));
  const mayGo = holder?.type === "object" && mayBeAbsent(schema);
  return mayGo || values.length === 0 ? ["leave it out", ...values] : values;
}

/**
 * A sample for a whole map of models or variants has the names that the rest of the file uses, and one that it does not:
 * the rest of the file is not wrong.
 */
function withNamesUsed(value: unknown, schema: z.core.$ZodType, root: unknown, path: Path): unknown {
  const core = defOf(coreOf(schema, value));
  if (core.type !== "record" || typeof value !== "object" || value === null) {
    return value;
  }
  const [inner] = Object.values(value);
  const names = namesUsed(root, String(path.at(-1)));
  const named = { ...Object.fromEntries(names.map((name) => [name, inner])), ...value };
  return z.safeParse(schema, named).success ? named : value;
}

/** Keys of all maps that are called so, and the model that answers by default. */
function namesUsed(root: unknown, field: string): readonly string[] {
  if (typeof root !== "object" || root === null) {
    return [];
  }
  return Object.entries(root).flatMap(([key, inner]) => [
    ...(key === field && typeof inner === "object" && inner !== null ? Object.keys(inner) : []),
    ...(key === "default" && field === "models" && typeof inner === "string" ? [inner] : []),
    ...namesUsed(inner, field),
  ]);
}

/** Names that are tried for a malformed one: a message that is the same with both is about neither. */
const SAMPLE_NAMES = 2;

/** An unknown field may be a misspelt or renamed one; an entry whose name is malformed is kept, under another. */
function namesFor(path: Path, siblings: unknown, holder: Definition | undefined): readonly Option[] {
  const isFree = (name: string) => !Object.hasOwn(Object(siblings), name);
  if (holder?.type === "record") {
    const names = sampleValues(holder.keyType).map(String).filter(isFree).slice(0, SAMPLE_NAMES);
    return [...names.map((name) => ({ name, isSample: true })), "leave it out"];
  }
  const fields = holder?.type === "object" ? Object.keys(holder.shape) : [];
  const near = closest(String(path.at(-1)), fields);
  const usual = usualName(String(path.at(-1)), fields)?.field;
  const meant = [renamedField(path, fields)?.name ?? [], usual ?? near].flat();
  return ["leave it out", ...meant.filter(isFree).map((name) => ({ name, isSample: false }))];
}

function holderOf(root: unknown, path: Path): Definition | undefined {
  const schema = schemaAt(servingFileSchema, path, root);
  return schema && defOf(coreOf(schema, valueAt(root, path)));
}

/** The place itself, or the nearest one above it that something holds. */
function nearest(root: unknown, path: Path): Path | undefined {
  if (path.length === 0) {
    return undefined;
  }
  const parent = path.slice(0, -1);
  const holder = valueAt(root, parent);
  return typeof holder === "object" && holder !== null ? path : nearest(root, parent);
}

function repairOne(
  root: unknown,
  path: Path,
  option: Option | undefined,
  places: Path[],
  names: Map<string, string>,
): void {
  const fields = valueAt(root, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) ?? "";
  if (option === undefined || option === "leave it out") {
    delete fields[key];
    places.push(path);
  } else if ("value" in option) {
    fields[key] = structuredClone(option.value);
    places.push(path);
  } else {
    fields[option.name] = fields[key];
    delete fields[key];
    if (option.isSample) {
      names.set(option.name, String(key));
    } else {
      places.push(path);
    }
  }
}
