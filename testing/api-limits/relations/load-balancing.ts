import {
  CONDITION_VALUES_PER_RULE,
  JWT_CLAIMS_CHECKED,
  JWT_CLAIMS_PER_ACTION,
  JWT_VALUES_PER_CLAIM,
} from "../../../aws/limits";
import type { Json } from "../../terraform/json";
import {
  ABSENT,
  atMostOneOf,
  counted,
  distinct,
  exactlyOneOf,
  lessThan,
  needs,
  onceIn,
  oneWith,
  type Relation,
  refuses,
  someOf,
  takes,
  together,
  valuesAt,
} from "./rule";

const RULES = "ELB user guide, Listener rules";
const PROVIDER = "Terraform AWS provider, internal/service/elbv2";
const ATTRIBUTES = "ELBv2 API, TargetGroupAttribute";
const CONDITIONS = [
  ...["host_header", "http_header", "http_request_method", "path_pattern", "query_string", "source_ip"],
];

/** The name of a claim that AWS does not check anyhow. */
const CLAIM_NAME = new RegExp(`^(?!(${JWT_CLAIMS_CHECKED.names.join("|")})$).`);

/** The block of each type of action that has one. */
const ACTIONS = {
  redirect: "redirect",
  "fixed-response": "fixed_response",
  "authenticate-cognito": "authenticate_cognito",
  "authenticate-oidc": "authenticate_oidc",
  "jwt-validation": "jwt_validation",
};

/** The actions of a listener or a rule, in the blocks of this name. */
const actions = (block: string): readonly Relation[] => [
  {
    block,
    when: { type: ["forward"] },
    rules: [someOf("target_group_arn", "forward"), refuses(...Object.values(ACTIONS))],
    source: PROVIDER,
  },
  ...Object.entries(ACTIONS).map(([type, own]) => ({
    block,
    when: { type: [type] },
    rules: [
      needs(own),
      refuses("target_group_arn", "forward", ...Object.values(ACTIONS).filter((each) => each !== own)),
    ],
    source: PROVIDER,
  })),
  {
    rules: [oneWith(block, "type", "forward", "redirect", "fixed-response")],
    source: `${RULES}, Rule basics`,
  },
  {
    block: `${block}.jwt_validation`,
    rules: [
      counted("additional_claim", 0, JWT_CLAIMS_PER_ACTION.max),
      distinct("additional_claim", "name"),
      takes("additional_claim.name", CLAIM_NAME, `none of ${JWT_CLAIMS_CHECKED.names.join(", ")}`),
    ],
    source: JWT_CLAIMS_PER_ACTION.source,
  },
  {
    block: `${block}.jwt_validation.additional_claim`,
    rules: [counted("values", 1, JWT_VALUES_PER_CLAIM.max)],
    source: JWT_VALUES_PER_CLAIM.source,
  },
  {
    block: `${block}.forward`,
    rules: [counted("target_group", 1, 5)],
    source: "ELB user guide, Quotas for your Application Load Balancers",
  },
];

/** What belongs together in the resources of Elastic Load Balancing. */
export const loadBalancing: Readonly<Record<string, readonly Relation[]>> = {
  aws_lb: [
    { rules: [exactlyOneOf("subnets", "subnet_mapping")], source: `${PROVIDER}, aws_lb` },
    {
      when: { load_balancer_type: [ABSENT, "application"] },
      rules: [counted("subnets", 2)],
      source: "ELBv2 API, CreateLoadBalancer",
    },
  ],
  aws_lb_listener: [
    ...actions("default_action"),
    { rules: [together("port", "protocol")], source: "ELBv2 API, CreateListener" },
    {
      when: { protocol: ["HTTPS", "TLS"] },
      rules: [needs("certificate_arn")],
      source: "ELBv2 API, CreateListener",
    },
    {
      when: { protocol: ["HTTP", "TCP", "UDP", "TCP_UDP"] },
      rules: [refuses("certificate_arn", "ssl_policy", "alpn_policy", "mutual_authentication")],
      source: "ELBv2 API, CreateListener",
    },
    {
      when: { protocol: ["HTTP"] },
      rules: [
        takes(
          "default_action.type",
          /^(forward|redirect|fixed-response)$/,
          "no authentication without HTTPS",
        ),
      ],
      source: "ELBv2 API, Action",
    },
    {
      block: "mutual_authentication",
      when: { mode: ["verify"] },
      rules: [needs("trust_store_arn")],
      source: "ELBv2 API, MutualAuthenticationAttributes",
    },
  ],
  aws_lb_listener_rule: [
    ...actions("action"),
    { block: "condition", rules: [exactlyOneOf(...CONDITIONS)], source: "ELBv2 API, RuleCondition" },
    {
      rules: [onceIn("condition", "host_header", "http_request_method", "path_pattern", "source_ip")],
      source: "ELBv2 API, RuleCondition",
    },
    {
      rules: [(body) => counted("values", 0, CONDITION_VALUES_PER_RULE.max)({ values: comparedBy(body) })],
      source: CONDITION_VALUES_PER_RULE.source,
    },
    {
      block: "transform",
      when: { type: ["url-rewrite"] },
      rules: [needs("url_rewrite_config"), refuses("host_header_rewrite_config")],
      source: "ELBv2 API, RuleTransform",
    },
    {
      block: "transform",
      when: { type: ["host-header-rewrite"] },
      rules: [needs("host_header_rewrite_config"), refuses("url_rewrite_config")],
      source: "ELBv2 API, RuleTransform",
    },
    { rules: [distinct("transform", "type")], source: "ELB user guide, Transforms for listener rules" },
  ],
  aws_lb_target_group: [
    {
      rules: [lessThan("health_check.timeout", "health_check.interval")],
      source: "ELBv2 API, CreateTargetGroup",
    },
    {
      when: { load_balancing_algorithm_type: ["least_outstanding_requests", "weighted_random"] },
      rules: [takes("slow_start", /^0$/, "0 with another algorithm than round_robin")],
      source: ATTRIBUTES,
    },
    {
      when: { load_balancing_algorithm_type: [ABSENT, "round_robin", "least_outstanding_requests"] },
      rules: [
        takes(
          "load_balancing_anomaly_mitigation",
          /^off$/,
          "off with another algorithm than weighted_random",
        ),
      ],
      source: ATTRIBUTES,
    },
    {
      when: { protocol: ["HTTP", "HTTPS"], protocol_version: [ABSENT, "HTTP1", "HTTP2"] },
      rules: [takes("health_check.matcher", /^([2-4]\d\d)([-,]([2-4]\d\d))*$/, "codes from 200 to 499")],
      source: "ELBv2 API, Matcher",
    },
    { rules: [atMostOneOf("name", "name_prefix")], source: `${PROVIDER}, aws_lb_target_group` },
  ],
};

/** Everything that the conditions of a rule compare a request with. */
function comparedBy(rule: Json): readonly Json[] {
  return ["values", "regex_values"]
    .flatMap((name) => CONDITIONS.flatMap((kind) => valuesAt(rule, `condition.${kind}.${name}`)))
    .concat(valuesAt(rule, "condition.query_string"));
}
