import { HEALTH_CHECKER_AGENT } from "../../aws/route53";
import {
  KEY_HEADERS,
  MANAGED_RULE_GROUPS,
  RATE_WINDOW,
  STATEMENT_WCU,
  type VersionedGroup,
} from "../../aws/waf";
import { openAiError } from "./openai-error";

/** Where a POST has to have a key. */
export type KeyedPaths = "everywhere" | readonly string[];

/** What the rules of a web ACL depend on. */
export interface WebAclSettings {
  readonly requestsPerMinute: { readonly address: number; readonly key: number };
  readonly healthChecksUnder?: string;
  readonly keyed?: KeyedPaths;
  readonly block?: readonly string[];
  readonly versions?: { readonly [group in VersionedGroup]?: string };
}

/** A rule of a web ACL. */
export interface WebAclRule {
  readonly name: string;
  /** Capacity units (WCU) that it takes. */
  readonly wcu: number;
  /** Whether it is a rule group, whose rules have actions of their own. */
  readonly isGroup: boolean;
  /** What a client reads that it blocks, as JSON. Absent: a 403. */
  readonly answer?: { readonly status: number; readonly body: string };
  /** As Terraform has it: the bindings know no form of statements. */
  readonly statement: object;
}

/** The rules of a web ACL in the order in which they are tried. */
export function webAclRules({
  requestsPerMinute,
  healthChecksUnder,
  keyed = [],
  block = [],
  versions = {},
}: WebAclSettings): readonly WebAclRule[] {
  const written: Readonly<Record<string, string | undefined>> = versions;
  return [
    rateLimit("requests-of-an-address", requestsPerMinute.address, "address", healthChecksUnder),
    rateLimit("requests-of-a-key", requestsPerMinute.key, "key"),
    ...(keyed.length === 0 ? [] : [withoutKey(keyed)]),
    ...Object.entries(MANAGED_RULE_GROUPS).map(([group, { name, wcu, version, counted }]): WebAclRule => {
      const counts = Object.keys(counted).filter((rule) => !block.includes(rule));
      return {
        name,
        wcu,
        isGroup: true,
        statement: {
          managed_rule_group_statement: {
            vendor_name: "AWS",
            name,
            ...(version !== undefined && { version: written[group] ?? version }),
            ...(counts.length > 0 && {
              rule_action_override: counts.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
            }),
          },
        },
      };
    }),
  ];
}

/** @param uncounted where Route 53's health checks are not counted. Default: all requests count. */
function rateLimit(name: string, limit: number, of: "address" | "key", uncounted?: string): WebAclRule {
  const checks = uncounted === undefined ? undefined : healthChecks(uncounted);
  const byKey = {
    aggregate_key_type: "CUSTOM_KEYS",
    custom_key: [{ header: { name: KEY_HEADERS[0], text_transformation: AS_IT_IS } }],
  };
  return {
    name,
    wcu: STATEMENT_WCU.rateBased + (of === "key" ? STATEMENT_WCU.customKey : 0) + (checks?.wcu ?? 0),
    isGroup: false,
    answer: {
      status: 429,
      body: openAiError(
        `More than ${limit} requests a minute of one ${of}: try again in a minute.`,
        "rate_limit_error",
        "rate_limit_exceeded",
      ),
    },
    statement: {
      rate_based_statement: {
        limit,
        evaluation_window_sec: RATE_WINDOW,
        ...(of === "address" ? { aggregate_key_type: "IP" } : byKey),
        ...(checks && {
          scope_down_statement: { not_statement: { statement: checks.statement } },
        }),
      },
    },
  };
}

/**
 * What Route 53's health checkers ask: a GET, with their User-Agent, of one segment under a path. The provider nests two
 * logical statements in a scope-down statement and no more, so one expression stands for all paths.
 */
function healthChecks(under: string): { readonly wcu: number; readonly statement: object } {
  const segment = {
    regex_match_statement: {
      field_to_match: { uri_path: {} },
      regex_string: `^${under.replaceAll(".", "\\.")}[a-z0-9-]+$`,
      text_transformation: AS_IT_IS,
    },
  };
  return {
    wcu: 2 * STATEMENT_WCU.stringMatch + STATEMENT_WCU.regexMatch,
    statement: {
      and_statement: {
        statement: [
          text({ method: {} }, "EXACTLY", "GET"),
          text({ single_header: { name: "user-agent" } }, "STARTS_WITH", HEALTH_CHECKER_AGENT.name),
          segment,
        ],
      },
    },
  };
}

/** A POST, which is what runs a model, under some paths and with none of the headers of keys. */
function withoutKey(keyed: KeyedPaths): WebAclRule {
  const paths =
    keyed === "everywhere"
      ? []
      : [...keyed].sort().map((path) => text({ uri_path: {} }, "STARTS_WITH", path));
  const statements = [
    text({ method: {} }, "EXACTLY", "POST"),
    ...(paths.length > 1 ? [{ or_statement: { statement: paths } }] : paths),
    ...KEY_HEADERS.map((name) => ({ not_statement: { statement: isThere(name) } })),
  ];
  return {
    name: "without-a-key",
    wcu: STATEMENT_WCU.stringMatch * (1 + paths.length) + STATEMENT_WCU.sizeConstraint * KEY_HEADERS.length,
    isGroup: false,
    answer: {
      status: 401,
      body: openAiError(
        "There is no API key: send it as Authorization: Bearer <key>.",
        "invalid_request_error",
        "invalid_api_key",
      ),
    },
    statement: { and_statement: { statement: statements } },
  };
}

const AS_IT_IS = [{ priority: 0, type: "NONE" }];

function text(field_to_match: object, positional_constraint: string, search_string: string): object {
  return {
    byte_match_statement: {
      field_to_match,
      positional_constraint,
      search_string,
      text_transformation: AS_IT_IS,
    },
  };
}

/** A header that is not there has no size, and a rule about it does not match. */
function isThere(name: string): object {
  return {
    size_constraint_statement: {
      field_to_match: { single_header: { name } },
      comparison_operator: "GE",
      size: 1,
      text_transformation: AS_IT_IS,
    },
  };
}
