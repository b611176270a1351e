import { blocksIn, type Json, listOf, numberOf } from "../../terraform/json";

/** Says why arguments of a block do not go together: the rest of a sentence about the block. */
export type Rule = (body: Json) => readonly string[];

/** What the arguments of one block have to be to each other. */
export interface Relation {
  /** The path of the block in the resource: `action.forward`. Without it, it is the resource itself. */
  readonly block?: string;
  /**
   * Values of arguments with which alone it holds, as texts; `absent` for none. What only an apply shows may be any value,
   * so the relation is not checked then.
   */
  readonly when?: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly Rule[];
  /** The page, or the part of the provider, that says so. */
  readonly source: string;
}

/** Stands for an argument that is not given. */
export const ABSENT = "absent";

/** The values of an argument of a block: `health_check.timeout`. Blocks that are there several times have several. */
export function valuesAt(body: Json, path: string): readonly Json[] {
  const [name = "", ...inner] = path.split(".");
  const values = listOf(body?.[name]);
  return inner.length === 0
    ? values
    : blocksIn(body, name).flatMap((each) => valuesAt(each, inner.join(".")));
}

/** Whether an argument or a block is there. A reference may turn out to be null; it counts as there. */
function isGiven(body: Json, name: string): boolean {
  return blocksIn(body, name).length > 0;
}

/** Whether the values are those with which a relation holds. */
export function applies({ when = {} }: Relation, body: Json): boolean {
  return Object.entries(when).every(([path, wanted]) => {
    const [value = ABSENT] = valuesAt(body, path);
    return wanted.includes(String(value));
  });
}

const given = (body: Json, names: readonly string[]) => names.filter((name) => isGiven(body, name));
const listed = (names: readonly string[]) => (names.length === 0 ? "none" : names.join(" and "));

/** Just one of these arguments is given. */
export const exactlyOneOf =
  (...names: readonly string[]): Rule =>
  (body) => {
    const found = given(body, names);
    return found.length === 1 ? [] : [`must have one of ${names.join(", ")}, and has ${listed(found)}`];
  };

/** No two of these are given. */
export const atMostOneOf =
  (...names: readonly string[]): Rule =>
  (body) => {
    const found = given(body, names);
    return found.length < 2 ? [] : [`has ${listed(found)}, and may have only one of them`];
  };

/** One of these is given, or more. */
export const someOf =
  (...names: readonly string[]): Rule =>
  (body) =>
    given(body, names).length > 0 ? [] : [`must have one of ${names.join(", ")}, and has none`];

/** All of these are given. */
export const needs =
  (...names: readonly string[]): Rule =>
  (body) =>
    names.filter((name) => !isGiven(body, name)).map((name) => `must have ${name}`);

/** None of these is given. */
export const refuses =
  (...names: readonly string[]): Rule =>
  (body) =>
    given(body, names).map((name) => `may not have ${name}`);

/** All of these are given, or none. */
export const together =
  (...names: readonly string[]): Rule =>
  (body) => {
    const found = given(body, names);
    const missing = names.filter((name) => !found.includes(name));
    return found.length === 0 ? [] : missing.map((name) => `must have ${name} with ${listed(found)}`);
  };

/** Each of these, if given, has a value that matches; `described` says what. */
export const takes =
  (path: string, form: RegExp, described: string): Rule =>
  (body) =>
    valuesAt(body, path)
      .filter(
        (value) => typeof value !== "object" && !String(value).includes("${") && !form.test(String(value)),
      )
      .map((value) => `has ${path} ${JSON.stringify(value)}, and takes ${described}`);

/** The first number is less than the second, or as much. */
export const atMost = (less: string, more: string): Rule => compared(less, more, 1, 0);

/** The first number is less than the second. */
export const lessThan = (less: string, more: string): Rule => compared(less, more, 1, 1);

/** The first number is at most `factor` times the second, with `distance` between them at least. */
export function compared(less: string, more: string, factor: number, distance: number): Rule {
  return (body) => {
    const [a, b] = [less, more].map((path) => numberOf(valuesAt(body, path)[0]));
    const relation = `${distance > 0 ? "less than" : "at most"} ${factor === 1 ? "" : `${factor} × `}${more}`;
    return a === undefined || b === undefined || a + distance <= factor * b
      ? []
      : [`has ${less} ${a} and ${more} ${b}, and ${less} must be ${relation}`];
  };
}

/** The first number is at most so much more than the second. */
export const within =
  (more: string, less: string, most: number): Rule =>
  (body) => {
    const [a, b] = [more, less].map((path) => numberOf(valuesAt(body, path)[0]));
    return a === undefined || b === undefined || a - b <= most
      ? []
      : [`has ${more} ${a} and ${less} ${b}, which are more than ${most} apart`];
  };

/** Blocks, or values, are there this often, or not at all. Of dynamic blocks nobody knows. */
export const counted =
  (path: string, min: number, max = Number.POSITIVE_INFINITY): Rule =>
  (body) => {
    const values = valuesAt(body, path);
    const isKnown = body.dynamic === undefined && !values.some((value) => /^\$\{/.test(String(value)));
    const takes = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
    return !isKnown || values.length === 0 || (values.length >= min && values.length <= max)
      ? []
      : [`has ${path} ${values.length} times, and takes ${takes}`];
  };

/** No two blocks have the same value of an argument. */
export const distinct =
  (block: string, argument: string): Rule =>
  (body) => {
    const values = valuesAt(body, `${block}.${argument}`).map(String);
    return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map(
      (value) => `has several ${block} with ${argument} "${value}"`,
    );
  };

/** One block at most has one of these arguments. */
export const onceIn =
  (block: string, ...names: readonly string[]): Rule =>
  (body) =>
    names
      .filter((name) => blocksIn(body, block).filter((each) => isGiven(each, name)).length > 1)
      .map((name) => `has several ${block} with ${name}`);

/** Just one block has one of these values. */
export const oneWith =
  (block: string, argument: string, ...values: readonly string[]): Rule =>
  (body) => {
    const found = valuesAt(body, `${block}.${argument}`).map(String);
    const count = found.filter((value) => values.includes(value)).length;
    return count === 1 || body.dynamic !== undefined || found.some((value) => value.includes("${"))
      ? []
      : [`must have one ${block} with ${argument} ${values.join(", ")}, and has ${count}`];
  };
