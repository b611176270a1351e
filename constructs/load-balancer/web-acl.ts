import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import {
  COUNTED_RULES,
  KEY_HEADERS,
  MANAGED_RULE_GROUPS,
  RATE_LIMIT,
  RULE_GROUP_VERSION,
  type VersionedGroup,
  WAF_LOG_PREFIX,
  WEB_ACL_CAPACITY,
  WEB_ACL_NAME,
} from "../../aws/waf";
import { LogGroups } from "../instance/log-groups";
import { requireText, requireWithin } from "../require-within";
import { type KeyedPaths, type WebAclRule, webAclRules } from "./web-acl-rules";

/** Props of {@link WebAcl}. */
export interface WebAclProps {
  /** Name of the web ACL, unique in the account and region: 1 to 128 letters, digits, hyphens and underscores. */
  readonly name: string;

  /**
   * Requests a minute of one client, 10 to 2000000000: more are answered with 429. AWS WAF counts over the last minute,
   * and looks about every 10 seconds, so a short rush may pass.
   */
  readonly requestsPerMinute: {
    /** Of one address. */
    readonly address: number;
    /** Of one value of the header `authorization`. Requests without it are not counted by it. */
    readonly key: number;
  };

  /**
   * Path, with a slash at both ends, under which Route 53's health checks ask: a GET of one more segment, with the
   * User-Agent of the checkers. The limit of an address does not count these, so that however low it is, it makes no
   * region look unhealthy. Anybody can send such a User-Agent: have nothing but health checks under the path.
   *
   * @default all requests count
   */
  readonly healthChecksUnder?: string;

  /**
   * Where a POST has to have a key, in `authorization` or `x-api-key`: everywhere, or under paths that each begin and end
   * with a slash. Without one it is answered with 401. Whether the key is right is for the server to say.
   *
   * @default nowhere
   */
  readonly keyed?: KeyedPaths;

  /**
   * Rules of managed groups that block, of those that count otherwise because prompts match them: see `COUNTED_RULES`.
   *
   * @default none
   */
  readonly block?: readonly string[];

  /**
   * Versions of the managed rule groups that have versions.
   *
   * @default those in `MANAGED_RULE_GROUPS`
   */
  readonly versions?: { readonly [group in VersionedGroup]?: string };

  /** The log of what a rule blocks or counts, in CloudWatch Logs. */
  readonly logs: {
    /** Days an event is kept: one of the numbers CloudWatch Logs accepts. Terraform checks it. */
    readonly retentionDays: number;
    /**
     * ARN of the KMS key that encrypts the events. Its policy must allow CloudWatch Logs to use it.
     *
     * @default a key that CloudWatch Logs manages
     */
    readonly kmsKeyArn?: string;
  };

  /**
   * Tags of the web ACL and its log group.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * A web ACL of AWS WAF for prompts. It lets in what no rule blocks. Managed rule groups of AWS block known attacks and
 * addresses of attackers; those of their rules that prompts match count and do not block. At a load balancer AWS WAF sees
 * the first 8 KB of a body. Log and samples have neither keys nor bodies.
 *
 * Source: WAF developer guide, "Using AWS WAF with Application Load Balancers", "AWS Managed Rules" and "Data protection".
 *
 * @example
 * const acl = new WebAcl(this, "acl", {
 *   name: "chat",
 *   requestsPerMinute: { address: 600, key: 600 },
 *   logs: { retentionDays: 90 },
 * });
 * alb.attachWebAcl(this, "web-acl", acl.arn);
 */
export class WebAcl extends Construct {
  /** The ARN. */
  public readonly arn: string;
  /** Capacity units (WCU) that its rules take. */
  public readonly capacity: number;

  /**
   * @throws RangeError when a limit is out of its range
   * @throws Error when AWS would refuse the name, a version or so many rules, or would ignore a rule to block
   */
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    requireValid(props);
    const rules = webAclRules(props);
    this.capacity = rules.reduce((sum, { wcu }) => sum + wcu, 0);
    if (this.capacity > WEB_ACL_CAPACITY.max) {
      throw new Error(`the rules take ${this.capacity} WCU, and a web ACL has ${WEB_ACL_CAPACITY.max}`);
    }
    const acl = new Wafv2WebAcl(this, "Resource", {
      name: props.name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: rules.map((rule, priority) => ruleBlock(props.name, rule, priority)),
      customResponseBody: rules.flatMap(({ name, answer }) =>
        answer === undefined
          ? []
          : [
              {
                key: name,
                content: answer.body,
                contentType: "APPLICATION_JSON",
              },
            ],
      ),
      dataProtectionConfig: {
        dataProtection: [
          { action: "SUBSTITUTION", field: { fieldType: "BODY" } },
          { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: [...KEY_HEADERS] } },
        ],
      },
      visibilityConfig: visibility(props.name),
      tags: props.tags,
    });
    this.arn = acl.arn;
    const { groups } = new LogGroups(this, "log", {
      names: { requests: `${WAF_LOG_PREFIX.name}${props.name}` },
      retentionDays: props.logs.retentionDays,
      kmsKeyArn: props.logs.kmsKeyArn,
      tags: props.tags,
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: Object.values(groups).map(({ arn }) => arn),
      redactedFields: KEY_HEADERS.map((name) => ({ singleHeader: { name } })),
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
    });
  }
}

function ruleBlock(
  acl: string,
  { name, answer, statement, isGroup }: WebAclRule,
  priority: number,
): Wafv2WebAclRule {
  return {
    name,
    priority,
    ...(isGroup
      ? { overrideAction: { none: {} } }
      : {
          action: {
            block: {
              customResponse: answer && { responseCode: answer.status, customResponseBodyKey: name },
            },
          },
        }),
    statement,
    visibilityConfig: visibility(`${acl}-${name}`),
  };
}

function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

function requireValid({
  name,
  requestsPerMinute,
  healthChecksUnder,
  keyed,
  block = [],
  versions = {},
}: WebAclProps): void {
  requireText("name", name, WEB_ACL_NAME);
  requireWithin("requestsPerMinute.address", requestsPerMinute.address, RATE_LIMIT);
  requireWithin("requestsPerMinute.key", requestsPerMinute.key, RATE_LIMIT);
  for (const [group, version] of Object.entries(versions)) {
    requireText(`versions.${group}`, version, RULE_GROUP_VERSION);
    if (MANAGED_RULE_GROUPS[group as VersionedGroup]?.version === undefined) {
      throw new Error(`versions.${group} is no rule group with versions`);
    }
  }
  for (const rule of block) {
    if (!COUNTED_RULES.includes(rule)) {
      throw new Error(`block has "${rule}", which is none of ${COUNTED_RULES.join(", ")}`);
    }
  }
  if (healthChecksUnder !== undefined && !/^\/([\w.-]+\/)+$/.test(healthChecksUnder)) {
    throw new Error(
      `healthChecksUnder is "${healthChecksUnder}"; a path begins and ends with a slash, and has letters, digits, dots, hyphens and underscores between`,
    );
  }
  for (const path of keyed === undefined || keyed === "everywhere" ? [] : keyed) {
    if (!/^\/(.+\/)?$/.test(path) || path.length > 200) {
      throw new Error(
        `keyed has "${path}"; a path begins and ends with a slash, and has at most 200 characters`,
      );
    }
  }
}
