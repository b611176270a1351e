import type { AlarmRule, AlarmState } from "./model";

/** The states of alarms, by name. */
export type StateOf = (alarm: string) => AlarmState;

/** A rule that the simulation cannot read. The message is a sentence about it. */
export class UnreadableRule extends Error {}

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[()]|[^\s()"]+)/y;

const STATES: readonly AlarmState[] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

export function holds(rule: AlarmRule, stateOf: StateOf): boolean {
  switch (rule.kind) {
    case "any":
      return rule.of.some((each) => holds(each, stateOf));
    case "all":
      return rule.of.every((each) => holds(each, stateOf));
    case "not":
      return !holds(rule.of, stateOf);
    case "always":
      return rule.is;
    case "state":
      return stateOf(rule.alarm) === rule.state;
  }
}

/** The alarms that a rule looks at. */
export function alarmsIn(rule: AlarmRule): readonly string[] {
  switch (rule.kind) {
    case "any":
    case "all":
      return rule.of.flatMap(alarmsIn);
    case "not":
      return alarmsIn(rule.of);
    case "always":
      return [];
    case "state":
      return [rule.alarm];
  }
}

/**
 * Reads the rule of a composite alarm: `ALARM(name)`, `OK("name")`, `INSUFFICIENT_DATA(…)`, `TRUE`, `FALSE`, `NOT`, `AND`,
 * `OR` and parentheses; `NOT` binds closest, and then `AND`.
 * Source: CloudWatch API, PutCompositeAlarm, AlarmRule.
 *
 * @param nameOf the name of an alarm from what stands for it in the rule: its name or its ARN
 * @throws UnreadableRule
 */
export function readRule(text: string, nameOf: (written: string) => string): AlarmRule {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
    const at = TOKEN.lastIndex;
    tokens.push(TOKEN.exec(text)?.[1] ?? fail(`${text.slice(at).trim()} is no part of a rule`));
  }
  let at = 0;
  const next = (): string => {
    at += 1;
    return tokens[at - 1] ?? fail("it ends too early");
  };
  const closed = <T>(value: T): T =>
    next() === ")" ? value : fail(`a ) is missing before ${tokens[at - 1]}`);
  const several = (kind: "any" | "all", operator: string, part: () => AlarmRule): AlarmRule => {
    const of = [part()];
    while (tokens[at] === operator) {
      at += 1;
      of.push(part());
    }
    return of.length === 1 ? (of[0] as AlarmRule) : { kind, of };
  };
  const either = (): AlarmRule => several("any", "OR", () => several("all", "AND", single));
  const single = (): AlarmRule => {
    const token = next();
    if (token === "NOT") {
      return { kind: "not", of: single() };
    }
    if (token === "(") {
      return closed(either());
    }
    if (token === "TRUE" || token === "FALSE") {
      return { kind: "always", is: token === "TRUE" };
    }
    const state = STATES.find((each) => each === token);
    if (state === undefined || next() !== "(") {
      return fail(`${token} is not read`);
    }
    const written = next()
      .replace(/^"(.*)"$/s, "$1")
      .replaceAll(/\\(.)/gs, "$1");
    return closed({ kind: "state", state, alarm: nameOf(written) });
  };
  const rule = either();
  return at === tokens.length ? rule : fail(`it should end before ${tokens[at]}`);
}

function fail(message: string): never {
  throw new UnreadableRule(message);
}
