import { CONDITION_VALUE } from "../../../aws/limits";

/** The error in the length of a value. */
export function lengthDiagnostic(value: string): string | undefined {
  const { minLength, maxLength } = CONDITION_VALUE;
  if (value.length < minLength) {
    return "is empty; give it a value or leave it out";
  }
  return longerThan(maxLength, value);
}

/** The error of a text that is longer than AWS accepts. */
export function longerThan(maxLength: number, text: string): string | undefined {
  return text.length > maxLength
    ? `"${text}" has ${text.length} characters; the most is ${maxLength}`
    : undefined;
}

/** The error of a value with a forbidden character. */
export function letterDiagnostic(value: string, forbidden: RegExp, allowed: string): string | undefined {
  const letter = forbidden.exec(value)?.[0];
  return letter === undefined
    ? undefined
    : `"${value}" has ${JSON.stringify(letter)}; allowed are ${allowed}`;
}
