import { CONDITION_METHOD } from "../../../aws/limits";
import { type ConditionKind, LEAST_DEPTH } from "./kind";
import { listOf } from "./lists";
import { longerThan } from "./texts";

export const method: ConditionKind<readonly string[]> = {
  ...listOf(methodDiagnostic),
  simplest: (value) => value,
  includes: (generals, special) => generals.includes(special),
  isUniversal: () => false,
  isExact: () => true,
  isRegex: false,
  depth: () => LEAST_DEPTH,
  wildcards: () => 0,
  example: (a, b) => (a === b ? a : undefined),
  shown: (value) => value,
  label: "method",
  requestPart: "method",
  readableWithoutName: false,
  insteadOf: undefined,
  url: "nothing",
  toRule: (values) => [{ field: "http-request-method", values }],
};

function methodDiagnostic(value: string): string | undefined {
  const upper = value.toUpperCase();
  if (value !== upper) {
    return `"${value}" must be upper case ("${upper}")`;
  }
  if (!/^[A-Z_-]+$/.test(value)) {
    return `"${value}" must have only the letters A–Z, "-" and "_"; a method takes no wildcards`;
  }
  return longerThan(CONDITION_METHOD.maxLength, value);
}
