import { apiReport, uncheckedFindings } from "./api-limits/check";
import { relationFindings } from "./api-limits/relations/check";
import { type Finding, renderFinding } from "./finding";
import { alarmFindings } from "./grammars/alarms";
import { listenerFindings } from "./grammars/listeners";
import { recordFindings } from "./grammars/records";
import { grantFindings } from "./iam/grants";
import { policyFindings } from "./iam/policies";
import { providerFindings } from "./provider-schema/check";
import type { Json } from "./terraform/json";

declare global {
  namespace jest {
    interface Matchers<R> {
      /**
       * Whether a synthesized stack fits the schema of the provider, and refers only to what exists:
       * `expect(Testing.synth(stack)).toFitTheProvider()`. The stack may be parsed.
       *
       * @param beside other stacks, whose outputs it reads from their state. By default those outputs are not checked
       */
      toFitTheProvider(beside?: readonly unknown[]): R;

      /**
       * Whether AWS's API would take what a synthesized stack says, by AWS's own models of its services and by what its
       * documentation and the provider add: `expect(Testing.synth(stack)).toFitTheApi()`. The stack may be parsed. Values
       * that Terraform resolves later are not compared. An argument of `aws_` that no table compares is a finding, for
       * nothing shows then that it fits.
       *
       * @param unchecked types and arguments that nothing compares, and that you looked at yourself: `aws_sqs_queue`,
       *   `aws_lb.enable_cross_zone_load_balancing`. By default there are none
       */
      toFitTheApi(unchecked?: readonly string[]): R;

      /**
       * Whether the texts in a synthesized stack that have a language of their own are right in it: policies, metric math,
       * records of Route 53, expressions and JSON of listeners: `expect(Testing.synth(stack)).toFitTheGrammars()`. The
       * stack may be parsed.
       */
      toFitTheGrammars(): R;

      /**
       * Whether the roles of instances with this project's user data allow what these instances call of AWS, and nothing
       * else: `expect(Testing.synth(stack)).toGrantWhatInstancesCall()`. The stack may be parsed.
       */
      toGrantWhatInstancesCall(): R;
    }
  }
}

expect.extend({
  toFitTheProvider: (stack: unknown, beside: readonly unknown[] = []) =>
    resultOf("to fit the provider", parsed(stack), (json) => providerFindings(json, beside.map(parsed))),
  toFitTheApi: (stack: unknown, unchecked: readonly string[] = []) =>
    resultOf("to fit AWS's API", parsed(stack), (json) => [
      ...apiReport(json).findings,
      ...relationFindings(json),
      ...uncheckedFindings(json, unchecked),
    ]),
  toFitTheGrammars: (stack: unknown) =>
    resultOf("to fit the grammars", parsed(stack), (json) => [
      ...policyFindings(json),
      ...alarmFindings(json),
      ...listenerFindings(json),
      ...recordFindings(json),
    ]),
  toGrantWhatInstancesCall: (stack: unknown) =>
    resultOf("to grant what its instances call", parsed(stack), grantFindings),
});

/** What jest is to say of a stack. A stack without resources fails: it would fit anything. */
function resultOf(
  expected: string,
  stack: Json,
  findingsIn: (stack: Json) => readonly Finding[],
): jest.CustomMatcherResult {
  if (stack?.resource === undefined && stack?.data === undefined) {
    return {
      pass: false,
      message: () => `expected a stack ${expected}, and it has no resource and no data source`,
    };
  }
  const findings = findingsIn(stack).map(renderFinding);
  return {
    pass: findings.length === 0,
    message: () =>
      findings.length === 0
        ? `expected the stack not ${expected}`
        : `expected the stack ${expected}\n\n${findings.map((each) => `  ${each}`).join("\n")}`,
  };
}

function parsed(stack: unknown): Json {
  return typeof stack === "string" ? JSON.parse(stack) : stack;
}
