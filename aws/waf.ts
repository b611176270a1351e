import type { NumberLimit, TextLimit } from "./limits";

/** Names of the managed rule groups of a web ACL for prompts, as `serving.yaml` has them. */
export type WafGroup = "core" | "knownBadInputs" | "ipReputation" | "anonymousIps";

/** A rule group that AWS maintains. */
export interface ManagedRuleGroup {
  /** Its name at AWS, whose vendor is `AWS`. */
  readonly name: string;
  /** Capacity units (WCU) that it takes of a web ACL. */
  readonly wcu: number;
  /** The version that is used unless another one is written. Absent: AWS gives the group no versions. */
  readonly version?: string;
  /**
   * Its rules that match what callers of models send, and why. They count and do not block. AWS WAF ignores an override
   * with a name that the group does not have, so the names are those of AWS's list, in its letters.
   */
  readonly counted: Readonly<Record<string, string>>;
}

/**
 * The managed rule groups of a web ACL for prompts. Not among them: groups for databases, operating systems and
 * languages that no model server has. Source: WAF developer guide, "Baseline rule groups" and "IP reputation rule
 * groups", with the capacity and the rules of each; AWS Managed Rules changelog.
 *
 * No page of AWS that was found names the default version of a group; ListAvailableManagedRuleGroupVersions does, to an account, and was
 * not asked. The versions here are those that public configurations of 2026 pin, one of which calls them AWS's
 * recommended defaults.
 */
export const MANAGED_RULE_GROUPS: Readonly<Record<WafGroup, ManagedRuleGroup>> = {
  core: {
    name: "AWSManagedRulesCommonRuleSet",
    wcu: 700,
    version: "Version_1.23",
    counted: {
      SizeRestrictions_BODY: "every body over 8 KB: a long prompt, an image, a long conversation",
      CrossSiteScripting_BODY: "prompts with HTML, JavaScript or SVG, as a question about a web page has",
      GenericLFI_BODY: "prompts with relative paths, such as ../ in code, logs and imports",
      GenericRFI_BODY: "prompts with a URL of an IP address, as server logs and configurations have",
      EC2MetaDataSSRF_BODY: "prompts about instance metadata, with 169.254.169.254",
      NoUserAgent_HEADER: "clients without a User-Agent, such as small programs and probes",
    },
  },
  knownBadInputs: {
    name: "AWSManagedRulesKnownBadInputsRuleSet",
    wcu: 200,
    version: "Version_1.26",
    counted: {
      JavaDeserializationRCE_BODY: "prompts with Java such as Runtime.getRuntime().exec",
      Log4JRCE_BODY: "prompts about Log4Shell, with a lookup of jndi:ldap",
      ReactJSRCE_BODY: "prompts with code of React Server Components",
    },
  },
  ipReputation: { name: "AWSManagedRulesAmazonIpReputationList", wcu: 25, counted: {} },
  anonymousIps: {
    name: "AWSManagedRulesAnonymousIpList",
    wcu: 50,
    counted: {
      HostingProviderIPList: "callers that run in a cloud, as most programs that call models do",
    },
  },
};

/** Rules and managed rule groups of a web ACL for prompts that asks for no key: two limits of requests, and the groups. */
export const FEWEST_RULES = 2 + Object.keys(MANAGED_RULE_GROUPS).length;

/** Groups that AWS gives versions. */
export const VERSIONED_GROUPS = ["core", "knownBadInputs"] as const satisfies readonly WafGroup[];

/** One of {@link VERSIONED_GROUPS}. */
export type VersionedGroup = (typeof VERSIONED_GROUPS)[number];

/** Every rule that counts and does not block unless a file says so. */
export const COUNTED_RULES: readonly string[] = Object.values(MANAGED_RULE_GROUPS).flatMap(({ counted }) =>
  Object.keys(counted),
);

/** Version of a managed rule group. */
export const RULE_GROUP_VERSION = {
  minLength: 1,
  maxLength: 64,
  pattern: /^Version_\d+\.\d+$/,
  characters: "Version_ and two numbers with a dot between",
  source: 'WAF developer guide, "Using versioned managed rule groups"; AWS WAF API, VersionKeyString',
} as const satisfies TextLimit;

/** Name of a web ACL, and of a rule in it. */
export const WEB_ACL_NAME = {
  minLength: 1,
  maxLength: 128,
  pattern: /^[\w-]+$/,
  characters: "letters, digits, hyphens and underscores",
  source: "AWS WAF API, EntityName",
} as const satisfies TextLimit;

/** What the name of a log group of a web ACL begins with. */
export const WAF_LOG_PREFIX = {
  name: "aws-waf-logs-",
  source: "AWS WAF API, LoggingConfiguration",
} as const;

/** Requests in {@link RATE_WINDOW} seconds that a rate-based rule lets through. */
export const RATE_LIMIT = {
  min: 10,
  max: 2_000_000_000,
  source: "AWS WAF API, RateLimit",
} as const satisfies NumberLimit;

/** Seconds over which a rate-based rule counts: the shortest of 60, 120, 300 and 600. Source: AWS WAF API, RateBasedStatement. */
export const RATE_WINDOW = 60;

/**
 * Capacity units of a web ACL. Beyond `included` each request costs more; beyond `max` AWS refuses it.
 * Source: WAF developer guide, "Web ACL capacity units (WCUs) in AWS WAF".
 */
export const WEB_ACL_CAPACITY = { included: 1500, max: 5000 } as const;

/**
 * Capacity units of the statements that are used here. Source: WAF developer guide, "Using rate-based rule statements",
 * "String match rule statement" (exactly, and from the beginning), "Size constraint rule statement" and "Regex match rule
 * statement".
 */
export const STATEMENT_WCU = {
  rateBased: 2,
  customKey: 30,
  stringMatch: 2,
  sizeConstraint: 1,
  regexMatch: 3,
} as const;

/** Headers that hold keys: of OpenAI's clients, and of Anthropic's, whose API some servers have too. */
export const KEY_HEADERS = ["authorization", "x-api-key"] as const;
