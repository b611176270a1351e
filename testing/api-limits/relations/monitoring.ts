import type { Json } from "../../terraform/json";
import { ABSENT, atMostOneOf, exactlyOneOf, needs, type Relation, refuses, someOf, together } from "./rule";

const ALARM = "CloudWatch API, PutMetricAlarm";
const CHECK = "Route 53 API, HealthCheckConfig";
const RECORD = "Terraform AWS provider, internal/service/route53, aws_route53_record";
const ENDPOINT = ["fqdn", "ip_address", "port", "resource_path", "search_string"];

const ROUTING = [
  ...["cidr", "failover", "geolocation", "geoproximity", "latency", "weighted"].map(
    (kind) => `${kind}_routing_policy`,
  ),
  "multivalue_answer_routing_policy",
];

/** What belongs together in the resources of CloudWatch and Route 53. */
export const monitoring: Readonly<Record<string, readonly Relation[]>> = {
  aws_cloudwatch_metric_alarm: [
    {
      rules: [
        exactlyOneOf("metric_name", "metric_query"),
        exactlyOneOf("threshold", "threshold_metric_id"),
        together("metric_name", "namespace"),
      ],
      source: ALARM,
    },
    {
      when: { metric_query: [ABSENT], dynamic: [ABSENT] },
      rules: [exactlyOneOf("statistic", "extended_statistic")],
      source: ALARM,
    },
    { rules: [resolution], source: ALARM },
  ],
  aws_route53_record: [
    { rules: [atMostOneOf(...ROUTING)], source: RECORD },
    {
      rules: [
        (body) => (someOf(...ROUTING)(body).length === 0 ? needs("set_identifier")(body) : []),
        (body) => (body.set_identifier === undefined ? [] : someOf(...ROUTING)(body)),
      ],
      source: RECORD,
    },
  ],
  aws_route53_health_check: [
    {
      when: { type: ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"] },
      rules: [someOf("fqdn", "ip_address"), refuses("child_healthchecks", "cloudwatch_alarm_name")],
      source: CHECK,
    },
    { when: { type: ["HTTP_STR_MATCH", "HTTPS_STR_MATCH"] }, rules: [needs("search_string")], source: CHECK },
    { when: { type: ["HTTP", "HTTPS", "TCP"] }, rules: [refuses("search_string")], source: CHECK },
    {
      when: { type: ["CALCULATED"] },
      rules: [needs("child_healthchecks", "child_health_threshold"), refuses(...ENDPOINT), threshold],
      source: CHECK,
    },
    {
      when: { type: ["CLOUDWATCH_METRIC"] },
      rules: [needs("cloudwatch_alarm_name", "cloudwatch_alarm_region"), refuses(...ENDPOINT)],
      source: CHECK,
    },
  ],
  "data.aws_route53_zone": [
    {
      rules: [someOf("name", "zone_id", "vpc_id", "tags"), atMostOneOf("name", "zone_id")],
      source: "Terraform AWS provider, internal/service/route53, data source aws_route53_zone",
    },
  ],
};

/** A calculated check is never healthy that wants more children than it has. */
function threshold(body: Json): readonly string[] {
  const { child_healthchecks: children, child_health_threshold: wanted } = body;
  return Array.isArray(children) && Number(wanted) > children.length
    ? [`has child_health_threshold ${wanted}, and ${children.length} child_healthchecks`]
    : [];
}

/** Metrics of AWS itself have a value a minute at most: an alarm that asks more often mostly finds none. */
function resolution({ namespace, period }: Json): readonly string[] {
  return /^AWS\//.test(namespace) && Number(period) < 60
    ? [`has period ${period}, which no metric of ${namespace} has`]
    : [];
}
