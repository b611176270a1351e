import { Token } from "cdktf";
import type { ArnForm } from "../aws/arn";
import { EC2_IDS, type NumberLimit, type TextLimit } from "../aws/limits";

/** Minimum and maximum, or the minimum alone. */
type Ends = Pick<NumberLimit, "min"> & Partial<Pick<NumberLimit, "max">>;

/**
 * Refuses, at synthesis, a number that AWS would refuse.
 * It accepts a token: Terraform resolves the value later.
 *
 * @param what the name of the value in the message, e.g. `idleTimeout`
 * @throws RangeError when the value is not a whole number from `min` to `max`, or from `min`
 */
export function requireWithin(what: string, value: number | undefined, { min, max }: Ends): void {
  if (value === undefined || Token.isUnresolved(value)) {
    return;
  }
  if (!Number.isInteger(value) || value < min || (max !== undefined && value > max)) {
    const range = max === undefined ? `from ${min}` : `from ${min} to ${max}`;
    throw new RangeError(`${what} must be a whole number ${range}; got ${value}`);
  }
}

/**
 * Refuses, at synthesis, a text that AWS would refuse.
 * It accepts a token: Terraform resolves the value later.
 *
 * @param what the name of the text in the message, e.g. `namePrefix`
 * @throws Error when the text is too short or too long, or holds characters that AWS does not accept
 */
export function requireText(what: string, text: string, limit: Omit<TextLimit, "source">): void {
  if (Token.isUnresolved(text)) {
    return;
  }
  const { minLength, maxLength, pattern, characters = "characters" } = limit;
  const allowed = `${minLength === 0 ? "at most" : `${minLength} to`} ${maxLength} ${characters}`;
  if (text.length < minLength || text.length > maxLength) {
    throw new Error(`${what} must have ${allowed}; it has ${text.length}`);
  }
  if (pattern?.test(text) === false) {
    throw new Error(`${what} must have ${allowed}; got "${text}"`);
  }
}

/**
 * Refuses, at synthesis, an Amazon Resource Name that is empty or of another kind of resource.
 * It accepts a token, and nothing at all: whether it is optional is for the caller to say.
 *
 * @param what the name of the value in the message, e.g. `certificateArn`
 * @throws Error when the text is no ARN of that kind
 */
export function requireArn(what: string, arn: string | undefined, { of, pattern, example }: ArnForm): void {
  if (arn === undefined || Token.isUnresolved(arn)) {
    return;
  }
  if (arn.trim() === "") {
    throw new Error(`${what} is empty; give an ARN such as ${example}, or leave it out where it is optional`);
  }
  if (!pattern.test(arn)) {
    throw new Error(`${what} "${arn}" is no ARN of ${of}; write it as ${example}`);
  }
}

/**
 * {@link requireArn} for each of several. It accepts a token in place of the list.
 *
 * @throws Error when one is no ARN of that kind
 */
export function requireArns(what: string, arns: readonly string[] = [], form: ArnForm): void {
  for (const arn of Token.isUnresolved(arns) ? [] : arns) {
    requireArn(what, arn, form);
  }
}

/**
 * Refuses, at synthesis, an id that EC2 did not make for that kind of resource, such as an empty variable of the
 * environment. It accepts a token, and nothing at all.
 *
 * @param what the name of the value in the message, e.g. `vpcId`
 * @throws Error when the text has another form
 */
export function requireId(what: string, id: string | undefined, kind: keyof typeof EC2_IDS.prefixes): void {
  if (id === undefined || Token.isUnresolved(id)) {
    return;
  }
  const prefix = `${EC2_IDS.prefixes[kind]}-`;
  if (!id.startsWith(prefix) || !EC2_IDS.characters.test(id.slice(prefix.length))) {
    throw new Error(`${what} "${id}" is no id of that kind; write it as ${prefix}0123456789abcdef0`);
  }
}

/**
 * {@link requireId} for each of several. It accepts a token in place of the list.
 *
 * @throws Error when one has another form
 */
export function requireIds(
  what: string,
  ids: readonly string[] = [],
  kind: keyof typeof EC2_IDS.prefixes,
): void {
  for (const id of Token.isUnresolved(ids) ? [] : ids) {
    requireId(what, id, kind);
  }
}
