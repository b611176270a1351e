import { Token } from "cdktf";
import type { NumberLimit, TextLimit } from "../aws/limits";

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
 * Refuses, at synthesis, an Amazon Resource Name without a letter, such as an empty variable of the environment.
 * It accepts a token, and nothing at all: whether it is optional is for the caller to say.
 *
 * @param what the name of the value in the message, e.g. `certificateArn`
 * @throws Error when the text is empty or blank
 */
export function requireArn(what: string, arn: string | undefined): void {
  if (arn !== undefined && !Token.isUnresolved(arn) && arn.trim() === "") {
    throw new Error(`${what} is empty; give an ARN, or leave it out where it is optional`);
  }
}
