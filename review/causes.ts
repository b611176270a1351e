import { isDeepStrictEqual } from "node:util";
import { formatPath, type Located, type Path } from "../config/diagnostics/diagnostic";
import { CHANGES, type Change } from "../config/plan/changes";
import { isRecord } from "../testing/terraform/json";
import type { Consequence } from "./consequences";
import type { StackChange } from "./deployment";
import type { Kind } from "./kinds";

/** A field of serving.yaml that a consequence comes from. */
export interface Cause {
  /** `models.llama.image` */
  readonly field: string;
  readonly file: string;
  readonly line: number;
  /** What to do instead of one deploy, where docs/changes.md has steps for it. */
  readonly steps: readonly string[];
}

/** A file as a value, with its places. */
export interface Written extends Located {
  readonly value: unknown;
}

/** The fields that differ between two files, each as deep as it may be; the order of keys and comments are no difference. */
export function changedFields(before: unknown, after: unknown, path: Path = []): readonly Path[] {
  if (isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => changedFields(before[name], after[name], [...path, name]));
  }
  return isDeepStrictEqual(before, after) ? [] : [path];
}

/** Fields that more likely than others lead to a kind, after the model's or the file's own level. */
const LIKELY: Readonly<Partial<Record<Kind, RegExp>>> = {
  rerouted:
    /^(routes|weight|entry\.(?!allow)|default|publicPaths|api|traffic|dial|stickiness|globalEndpoint|models$|regions)/,
  resized: /^(capacity|scaling|schedules|survive|warmPool|spot|rollout|maxInstanceLifetime|suspend)/,
  "health and alarms":
    /^(health|alarms|timing|loadTime|longest|capacity|scaling|healthyTargets|algorithm|survive)/,
};
/** Fields that roll nothing. */
const NEVER_ROLL = /^(capacity|weight|routes|scaling|health|alarms|entry|survive|publicPaths|accept)/;

/**
 * The changed fields that lead to a consequence: those of its model, variant and region; where there are none, those of
 * no model.
 */
export function causesOf(
  { kind, subject }: Consequence,
  { region, name }: StackChange,
  fields: readonly Path[],
  file: Written,
): readonly Cause[] {
  const here = fields
    .map((path) => ({ path, parts: partsOf(path) }))
    .filter(
      ({ parts }) =>
        parts.region === undefined || parts.region === region || name === "global" || name === "domain",
    );
  const own = here.filter(
    ({ parts }) =>
      subject.model === undefined ||
      (parts.model === subject.model &&
        (parts.variant === undefined || subject.variant === undefined || parts.variant === subject.variant)),
  );
  const ofNone = here.filter(({ parts }) => parts.model === undefined);
  const isOfNone = subject.model === undefined && kind !== "rerouted" && ofNone.length > 0;
  const candidates = own.length > 0 && !isOfNone ? own : ofNone;
  const could = candidates.filter(({ parts }) => kind !== "rolled" || !NEVER_ROLL.test(parts.field));
  const likely = could.filter(({ parts }) => LIKELY[kind]?.test(parts.field) ?? true);
  return (likely.length > 0 ? likely : could).map((each) => causeAt(each.path, file, stepsAt(each.path)));
}

/** Where a model says what an argument of Terraform is: the most telling argument first, and of it the field. */
const SAID_BY: Readonly<Record<string, readonly string[]>> = {
  min_size: ["capacity"],
  max_size: ["capacity"],
  // The version of the launch template is in the policy too.
  user_data: ["image", "run", "arguments"],
  mixed_instances_policy: ["instanceTypes"],
  port: ["port"],
  health_check: ["health"],
};

/**
 * Where the file of after speaks of a consequence, when there is no other file to compare it with: the fields that its
 * arguments come from, else the model.
 */
export function placesOf(
  { subject, arguments: given }: Pick<Consequence, "subject" | "arguments">,
  file: Written,
): readonly Cause[] {
  const { model } = subject;
  if (model === undefined || !has(file.value, ["models", model])) {
    return [];
  }
  const fields = Object.entries(SAID_BY)
    .filter(([argument]) => given.includes(argument))
    .flatMap(([, names]) => names)
    .map((field) => ["models", model, field])
    .filter((path) => has(file.value, path));
  const [first] = fields.length > 0 ? fields : [["models", model]];
  return first === undefined ? [] : [causeAt(first, file)];
}

function causeAt(path: Path, written: Written, steps: Cause["steps"] = []): Cause {
  const { file = written.file, line } = written.locate(path, "key");
  return { field: formatPath(path), file, line, steps };
}

function has(value: unknown, [first, ...rest]: readonly string[]): boolean {
  return first === undefined || (isRecord(value) && Object.hasOwn(value, first) && has(value[first], rest));
}

interface Parts {
  readonly region?: string;
  readonly model?: string;
  readonly variant?: string;
  /** Within the model, its variant or its region; the whole path where there is no model. */
  readonly field: string;
}

function partsOf(path: Path): Parts {
  const [first, second, ...rest] = path.map(String);
  if (first === "regions" && second !== undefined) {
    const inner = rest.length === 0 ? { field: "regions" } : partsOf(rest);
    return { ...inner, region: second };
  }
  if (first === "models" && second !== undefined) {
    const [variants, variant, ...inner] = rest;
    return variants === "variants" && variant !== undefined
      ? { model: second, variant, field: inner.join(".") || "models" }
      : { model: second, field: rest.join(".") || "models" };
  }
  return { field: path.join(".") };
}

/** What docs/changes.md says to do; of several changes of a field, each by its name. */
function stepsAt(path: Path): readonly string[] {
  const rows = changesAt(path);
  return rows.flatMap(({ change, steps }) =>
    rows.length === 1 ? steps : steps.map((step) => `with ${change}: ${step}`),
  );
}

/** The rows of docs/changes.md with steps for a field: the first spelling of it that has some. */
function changesAt(path: Path): readonly Change[] {
  const parts = partsOf(path);
  const written =
    parts.model === undefined
      ? path.join(".")
      : `models.*${parts.field === "models" ? "" : `.${parts.field}`}`;
  const candidates = [written, path.join("."), `${parts.field}`];
  return CHANGES.filter(({ way }) => way !== "one apply").filter(({ fields }) =>
    fields.some((field) => candidates.some((each) => patternOf(field).test(each))),
  );
}

function patternOf(field: string): RegExp {
  const parts = field
    .split(".")
    .map((part) => (part === "*" ? "[^.]+" : part.replaceAll(/[$()[\]{}+?|^\\]/g, "\\$&")));
  return new RegExp(`^${parts.join("\\.")}$`);
}
