import type { Scalar } from "./model";
import type { Documented } from "./table";

/** A value as Terraform's JSON has it. A text may hold a number or `true`: Terraform converts it. */
export type Plain = string | number | boolean;

/** Why a value does not fit: what it is, and what AWS takes. */
export interface Misfit {
  /** `is 3`, `has 40 characters`. */
  readonly is: string;
  /** `5 to 300`. */
  readonly takes: string;
}

/** The sentence's end that follows the name of an argument. */
export function sentence({ is, takes }: Misfit): string {
  return `${is}; AWS takes ${takes}`;
}

/** Why a value does not fit the service's model; `undefined` when it fits. */
export function misfitOfModel(value: Plain, { pattern, ...scalar }: Scalar): Misfit | undefined {
  return pattern === undefined
    ? misfit(value, scalar)
    : misfit(value, { ...scalar, form: { regex: regexOf(pattern), words: `texts like ${pattern}` } });
}

/** Why a value fits none of the documented limits; `undefined` when it fits one, or there is none. */
export function misfitOfDocumented(value: Plain, limits: readonly Documented[]): Misfit | undefined {
  const misfits = limits.map((limit) => misfit(value, allowedBy(limit)));
  const [first, ...others] = misfits.filter((each) => each !== undefined);
  return first === undefined || misfits.includes(undefined)
    ? undefined
    : { is: first.is, takes: [first, ...others].map(({ takes }) => takes).join(", or ") };
}

interface Allowed extends Omit<Scalar, "pattern"> {
  /** The form of a text, and words for it. */
  readonly form?: { readonly regex: RegExp | undefined; readonly words: string };
}

function allowedBy(limit: Documented): Allowed {
  if ("values" in limit) {
    return { type: "string", enum: limit.values };
  }
  if ("min" in limit) {
    return { type: "integer", min: limit.min, max: limit.max };
  }
  const { minLength: min, maxLength: max, pattern: regex, characters: words = "characters" } = limit;
  return { type: "string", min, max, form: { regex, words } };
}

function misfit(value: Plain, allowed: Allowed): Misfit | undefined {
  switch (allowed.type) {
    case "boolean":
      return /^(true|false)$/.test(String(value)) ? undefined : { is: is(value), takes: "true or false" };
    case "integer":
    case "long":
    case "float":
    case "double":
      return misfitOfNumber(value, allowed);
    default:
      return misfitOfText(String(value), allowed);
  }
}

function misfitOfNumber(value: Plain, { type, min, max }: Allowed): Misfit | undefined {
  const number = typeof value === "boolean" || value === "" ? Number.NaN : Number(value);
  const whole = type === "integer" || type === "long";
  if (Number.isNaN(number) || (whole && !Number.isInteger(number))) {
    return { is: is(value), takes: whole ? "a whole number" : "a number" };
  }
  return isWithin(number, min, max) ? undefined : { is: is(number), takes: range(min, max) };
}

function misfitOfText(text: string, { enum: words, min, max, form }: Allowed): Misfit | undefined {
  if (words?.includes(text) === false) {
    return { is: is(text), takes: listed(words) };
  }
  const { length } = [...text];
  if (!isWithin(length, min, max)) {
    return { is: `has ${length} characters`, takes: range(min, max) };
  }
  return form?.regex?.test(text) === false ? { is: is(text), takes: form.words } : undefined;
}

/** Whether a number is from `min` to `max`, of which either may be missing. */
export function isWithin(number: number, min = number, max = number): boolean {
  return number >= min && number <= max;
}

/** `5 to 300`, `at least 5`, `at most 300`. */
export function range(min: number | undefined, max: number | undefined): string {
  if (max === undefined) {
    return `at least ${min}`;
  }
  return min === undefined ? `at most ${max}` : `${min} to ${max}`;
}

const REGEXES = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const regex = REGEXES.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  REGEXES.set(pattern, regex);
  return regex;
}

const SHOWN = { words: 10, characters: 80 };

function listed(words: readonly string[]): string {
  const shown = words.slice(0, SHOWN.words).join(", ");
  return words.length > SHOWN.words ? `${shown} and ${words.length - SHOWN.words} others` : shown;
}

function is(value: Plain): string {
  const text = JSON.stringify(value);
  return `is ${text.length > SHOWN.characters ? `${text.slice(0, SHOWN.characters)}…` : text}`;
}
