import {
  LbListenerRule,
  type LbListenerRuleAction,
  type LbListenerRuleTransform,
} from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { FIXED_RESPONSE_BODY, REWRITE, RULE_PRIORITY } from "../../aws/limits";
import type { RuleCondition } from "../../aws/rule-condition";
import { requireArn, requireText, requireWithin } from "../require-within";
import { actionsFor, type CallerAuthentication } from "./caller-authentication";
import { ruleConditions } from "./rule-condition";
import { forwardAction, type WeightedForward } from "./weighted-forward";

/** Replaces what a regular expression matches. Without a match the request is unchanged. */
export interface Rewrite {
  /** The expression, 1 to 1024 characters, without look-around and back-references. */
  readonly regex: string;

  /** The replacement, at most 1024 characters; `$1` is the match of the first pair of parentheses. */
  readonly replace: string;
}

/** Changes of a request before a target gets it. The conditions apply to the original request. */
export interface RequestRewrite {
  /**
   * Changes the path, with its query.
   *
   * @default unchanged
   */
  readonly path?: Rewrite;

  /**
   * Changes the host header.
   *
   * @default unchanged
   */
  readonly host?: Rewrite;
}

/** An answer of the load balancer itself, with status 200. */
export interface FixedResponse {
  /** Media type of the body. */
  readonly contentType:
    | "text/plain"
    | "text/css"
    | "text/html"
    | "application/javascript"
    | "application/json";

  /** The body, at most 1024 characters. */
  readonly body: string;
}

/** Props of {@link ListenerRule}: exactly one of `forwardTo` and `respond`. */
export interface ListenerRuleProps {
  /** The listener of the rule. */
  readonly listenerArn: string;

  /** 1 (evaluated first) to 50000, unique on the listener. Derive it from the rule, not from its place in a list. */
  readonly priority: number;

  /** Conditions that a request must all meet: at most 5 values and 5 wildcards, all conditions together. */
  readonly conditions: readonly RuleCondition[];

  /**
   * The target groups for such a request.
   *
   * @default none: `respond` answers it
   */
  readonly forwardTo?: WeightedForward;

  /**
   * The answer to such a request.
   *
   * @default none: `forwardTo` gets it
   */
  readonly respond?: FixedResponse;

  /**
   * Who may have the request answered. It needs a listener for HTTPS. AWS takes none before target groups of gRPC.
   *
   * @default everybody who may connect
   */
  readonly authentication?: CallerAuthentication;

  /**
   * Changes of the request.
   *
   * @default none
   */
  readonly rewrite?: RequestRewrite;

  /**
   * What has to be there before the rule is made or changed, such as rules for requests that it stops taking.
   *
   * @default nothing but the listener
   */
  readonly dependsOn?: readonly ITerraformDependable[];

  /**
   * Tags of the rule.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A rule of a listener: it forwards the requests that meet its conditions to target groups, by weight, or answers them
 * itself.
 *
 * Source: ELB user guide, "Listener rules for your Application Load Balancer".
 *
 * @example
 * new ListenerRule(this, "llama", {
 *   listenerArn: alb.listener.arn,
 *   priority: 1200,
 *   conditions: [
 *     { field: "path-pattern", values: ["/llama/*"] },
 *     { field: "http-request-method", values: ["GET", "POST"] },
 *   ],
 *   forwardTo: {
 *     targetGroups: [
 *       { arn: stable.arn, weight: 95 },
 *       { arn: canary.arn, weight: 5 },
 *     ],
 *     stickiness: { duration: 3600 },
 *   },
 *   rewrite: { path: { regex: "^/llama/(.*)$", replace: "/$1" } },
 * });
 */
export class ListenerRule extends Construct {
  /** The ARN. */
  public readonly arn: string;
  /** The rule. */
  public readonly resource: LbListenerRule;

  /**
   * @throws RangeError when the priority, a weight, a duration or the number of target groups is out of range
   * @throws Error when AWS would refuse the conditions, the rewrite or the body, or there is not exactly one action
   */
  constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    requireArn("listenerArn", props.listenerArn, ARN_FORMS.listener);
    requireWithin("priority", props.priority, RULE_PRIORITY);

    this.resource = new LbListenerRule(this, "Resource", {
      listenerArn: props.listenerArn,
      priority: props.priority,
      condition: ruleConditions(props.conditions),
      action: actionsFor(ruleAction(props), props.authentication),
      transform: transforms(props.rewrite),
      tags: props.tags,
      dependsOn: props.dependsOn && [...props.dependsOn],
      lifecycle: { createBeforeDestroy: true },
    });
    this.arn = this.resource.arn;
  }
}

function ruleAction({ forwardTo, respond }: ListenerRuleProps): LbListenerRuleAction {
  if (forwardTo !== undefined && respond === undefined) {
    return forwardAction(forwardTo);
  }
  if (respond === undefined || forwardTo !== undefined) {
    throw new Error("a rule has either forwardTo or respond");
  }
  requireText("respond.body", respond.body, FIXED_RESPONSE_BODY);
  return {
    type: "fixed-response",
    fixedResponse: { statusCode: "200", contentType: respond.contentType, messageBody: respond.body },
  };
}

function transforms(rewrite: RequestRewrite | undefined): LbListenerRuleTransform[] | undefined {
  if (rewrite === undefined) {
    return undefined;
  }
  const transforms: LbListenerRuleTransform[] = [];
  if (rewrite.host !== undefined) {
    requireValidRewrite("rewrite.host", rewrite.host);
    transforms.push({ type: "host-header-rewrite", hostHeaderRewriteConfig: { rewrite: rewrite.host } });
  }
  if (rewrite.path !== undefined) {
    requireValidRewrite("rewrite.path", rewrite.path);
    transforms.push({ type: "url-rewrite", urlRewriteConfig: { rewrite: rewrite.path } });
  }
  if (transforms.length === 0) {
    throw new Error("rewrite names neither a path nor a host; leave it out");
  }
  return transforms;
}

function requireValidRewrite(what: string, { regex, replace }: Rewrite): void {
  requireText(`${what}.regex`, regex, REWRITE);
  requireText(`${what}.replace`, replace, { ...REWRITE, minLength: 0 });
}
