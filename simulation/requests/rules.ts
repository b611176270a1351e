import type { ActionModel, ListenerModel } from "../model";
import { type Test, testOf } from "./conditions";
import type { RequestFacts } from "./request";
import { hostRewriter, pathRewriter, type Rewriter } from "./rewrite";

/** A rule, ready to be asked. The default action is one without conditions. */
export interface Rule {
  /** Address of the rule, or of the listener whose default action this is. */
  readonly address: string;
  readonly test: Test;
  readonly rewritePath: Rewriter | undefined;
  readonly rewriteHost: Rewriter | undefined;
  readonly action: ActionModel;
}

/** The rules of a listener in the order in which they are tried; the default action is the last. */
export function rulesOf({ address, rules, defaultAction }: ListenerModel): readonly Rule[] {
  return [
    ...[...rules]
      .sort((a, b) => a.priority - b.priority)
      .map((rule) => ({
        address: rule.address,
        test: testOf(rule.conditions),
        rewritePath: rule.pathRewrite && pathRewriter(rule.pathRewrite),
        rewriteHost: rule.hostRewrite && hostRewriter(rule.hostRewrite),
        action: rule.action,
      })),
    {
      address,
      test: () => true,
      rewritePath: undefined,
      rewriteHost: undefined,
      action: defaultAction,
    },
  ];
}

/** The rule that a request takes: the first whose conditions are all met, else the default action. */
export function ruleFor(rules: readonly Rule[], request: RequestFacts): Rule {
  for (const rule of rules) {
    if (rule.test(request)) {
      return rule;
    }
  }
  throw new Error("a listener has a default action");
}
