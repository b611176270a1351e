import { matchesEverything } from "../universal-regex";
import { globs } from "./globs";
import { type ConditionKind, LEAST_DEPTH } from "./kind";
import { listOf } from "./lists";
import { regexDiagnostic, regexes, regexesMatch } from "./regexes";
import { lengthDiagnostic, letterDiagnostic } from "./texts";

const HOSTS = globs({ caseMatters: false, mayBeMissing: false, depth: () => LEAST_DEPTH });

export const host: ConditionKind<readonly string[]> = {
  ...listOf(hostDiagnostic),
  ...HOSTS,
  label: "host",
  requestPart: "host",
  readableWithoutName: false,
  insteadOf: undefined,
  url: {
    part: "host",
    candidates: (values) => values.filter(HOSTS.isExact).map(HOSTS.simplest),
    matches: (values, name) => HOSTS.includes(values.map(HOSTS.simplest), HOSTS.simplest(name)),
  },
  toRule: (values) => [{ field: "host-header", values }],
};

const HOST_REGEXES = regexes((regex) => matchesEverything(regex, "host"));

export const hostRegex: ConditionKind<readonly string[]> = {
  ...listOf(regexDiagnostic),
  ...HOST_REGEXES,
  label: "hostRegex",
  requestPart: "host",
  readableWithoutName: false,
  insteadOf: "host",
  url: {
    part: "host",
    candidates: () => [],
    matches: (values, name) => regexesMatch(HOST_REGEXES, values, name),
  },
  toRule: (regexValues) => [{ field: "host-header", regexValues }],
};

function hostDiagnostic(value: string): string | undefined {
  const wrongLetter = letterDiagnostic(
    value,
    /[^A-Za-z0-9.*?-]/,
    "letters, digits, - . and the wildcards * and ?",
  );
  if (wrongLetter !== undefined) {
    return wrongLetter;
  }
  if (!value.includes(".")) {
    return `"${value}" must have a ".", as in llama.example.com`;
  }
  if (!/\.[A-Za-z*?]+$/.test(value)) {
    return `"${value}" must end in letters after its last ".", as in llama.example.com`;
  }
  return lengthDiagnostic(value);
}
