import type { Json } from "../../support/synthesis";
import { compareVersions } from "../provider-mirror";
import { type Rewrite, rewrite } from "./rewrite";

/** Letters that a plain value may have, in the place of those that it may not. */
const PLAIN: Readonly<Record<string, string>> = {
  "^": '"',
  "(": "'",
  ")": "@",
  "|": ":",
  "[": "+",
  "]": "&",
  "?": "~",
  "\\": "",
};

/** A regular expression as a plain value of the same length, from which it can be read again. Escapes are lost. */
function asPlainValue(regex: string): string {
  return [...regex].map((letter) => PLAIN[letter] ?? letter).join("");
}

/** The regular expression that a plain value stands for; undefined: for none. */
export function regexIn(value: string): RegExp | undefined {
  const special = new Map(Object.entries(PLAIN).map(([letter, plain]) => [plain, letter]));
  return value.startsWith('"')
    ? new RegExp([...value].map((letter) => special.get(letter) ?? letter).join(""))
    : undefined;
}

function withoutTokens(actions: readonly Json[]): readonly Json[] {
  return actions.filter(({ type }) => type !== "jwt-validation");
}

/** What older providers lack, of all that the stacks emit, and since which version it is there. */
const NEWER: readonly (Rewrite & { readonly since: string })[] = [
  {
    why: "rewrites of a request",
    since: "6.19",
    kind: "resource",
    type: "aws_lb_listener_rule",
    change: (rule) => {
      delete rule.transform;
    },
  },
  {
    why: "regular expressions in conditions; here they stand as plain values",
    since: "6.19",
    kind: "resource",
    type: "aws_lb_listener_rule",
    change: (rule) => {
      for (const { host_header, path_pattern } of rule.condition) {
        for (const matched of [host_header, path_pattern]) {
          if (matched?.regex_values !== undefined) {
            matched.values = matched.regex_values.map(asPlainValue);
            delete matched.regex_values;
          }
        }
      }
    },
  },
  {
    why: "tokens that a rule asks for before it does anything else",
    since: "6.25",
    kind: "resource",
    type: "aws_lb_listener_rule",
    change: (rule) => {
      rule.action = withoutTokens(rule.action);
    },
  },
  {
    why: "tokens that a listener asks for before its default action",
    since: "6.25",
    kind: "resource",
    type: "aws_lb_listener",
    change: (listener) => {
      listener.default_action = withoutTokens(listener.default_action);
    },
  },
  {
    why: "the port of Target Optimizer",
    since: "6.25",
    kind: "resource",
    type: "aws_lb_target_group",
    change: (group) => {
      delete group.target_control_port;
    },
  },
];

/**
 * Rewrites the JSON of a stack in place for the AWS provider that was found, so that Terraform takes it.
 *
 * @param version of the provider
 */
export function forProvider(stack: Json, version: string): void {
  stack.terraform.required_providers.aws.version = version;
  rewrite(
    stack,
    NEWER.filter(({ since }) => compareVersions(version, since) < 0),
  );
}
