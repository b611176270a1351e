import { tlsPolicy } from "../../aws/tls-policies";
import { type Json, listOf } from "../../testing/terraform/json";
import type {
  ActionModel,
  AuthenticationModel,
  ConditionModel,
  ListenerModel,
  RewriteModel,
  RuleModel,
  TlsModel,
} from "../model";
import { addressIn, block, flag, number, type Reading, type Resource, text, texts, word } from "./reading";

/** Of a listener that names none. Source: ELB user guide, "Security policies for your Application Load Balancer". */
const DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";

/** The listeners of a load balancer with their rules. Source of the defaults: the provider's documentation. */
export function readListeners(reading: Reading, loadBalancer: string): readonly ListenerModel[] {
  return reading
    .resources("aws_lb_listener", "aws_alb_listener")
    .filter(({ body }) => addressIn(body.load_balancer_arn) === loadBalancer)
    .map((listener) => {
      const { address, body } = listener;
      const mutual = text(block(body, "mutual_authentication")?.mode, "off");
      const forAll =
        mutual === "off"
          ? {}
          : { authentication: notSimulated(reading, listener, `mutual_authentication ${mutual}`) };
      return {
        address,
        port: number(body.port, 80),
        ...protocolOf(body),
        defaultAction: { ...readAction(reading, listener, body.default_action), ...forAll },
        rules: readRules(reading, address).map((rule) => ({
          ...rule,
          action: { ...rule.action, ...forAll },
        })),
      };
    });
}

/** A policy that is not known here is taken as what most of them allow. */
function protocolOf(body: Json): Pick<ListenerModel, "protocol" | "tls"> {
  const protocol = word(body.protocol, "HTTP", "HTTPS");
  const policy = text(body.ssl_policy, DEFAULT_POLICY);
  const tls: TlsModel = {
    oldest: tlsPolicy(policy)?.oldest ?? "1.2",
    newest: policy.includes("TLS13") ? "1.3" : "1.2",
  };
  return protocol === "HTTP" ? { protocol } : { protocol, tls };
}

function readRules(reading: Reading, listener: string): readonly RuleModel[] {
  return reading
    .resources("aws_lb_listener_rule", "aws_alb_listener_rule")
    .filter(({ body }) => addressIn(body.listener_arn) === listener)
    .map((rule) => ({
      address: rule.address,
      priority: number(rule.body.priority, 50_000),
      conditions: listOf(rule.body.condition).flatMap(readConditions),
      ...readTransforms(rule.body.transform),
      action: readAction(reading, rule, rule.body.action),
    }))
    .sort((a, b) => a.priority - b.priority);
}

function readConditions(condition: Json): readonly ConditionModel[] {
  const patterns = (given: Json) => {
    const regex = texts(given.regex_values);
    return regex.length > 0 ? { values: regex, regex: true } : { values: texts(given.values), regex: false };
  };
  const one = <T>(name: string, read: (given: Json) => T): readonly T[] => listOf(condition[name]).map(read);
  return [
    ...one("path_pattern", (given) => ({ field: "path" as const, ...patterns(given) })),
    ...one("host_header", (given) => ({ field: "host" as const, ...patterns(given) })),
    ...one("http_header", (given) => ({
      field: "header" as const,
      name: text(given.http_header_name, ""),
      ...patterns(given),
    })),
    ...one("http_request_method", (given) => ({ field: "method" as const, values: texts(given.values) })),
    ...one("source_ip", (given) => ({ field: "source" as const, values: texts(given.values) })),
    ...queryConditions(listOf(condition.query_string)),
  ];
}

/** Each block of `query_string` is a value of one condition. */
function queryConditions(given: readonly Json[]): readonly ConditionModel[] {
  return given.length === 0
    ? []
    : [
        {
          field: "query",
          values: given.map(({ key, value }) => ({
            ...(key ? { key: String(key) } : {}),
            value: String(value),
          })),
        },
      ];
}

function readTransforms(transforms: Json): { pathRewrite?: RewriteModel; hostRewrite?: RewriteModel } {
  const rewrites = listOf(transforms).map((each) => ({
    path: block(block(each, "url_rewrite_config"), "rewrite"),
    host: block(block(each, "host_header_rewrite_config"), "rewrite"),
  }));
  const path = rewrites.find((each) => each.path !== undefined)?.path;
  const host = rewrites.find((each) => each.host !== undefined)?.host;
  return { ...(path ? { pathRewrite: path } : {}), ...(host ? { hostRewrite: host } : {}) };
}

/** The last of the actions does something; those before it ask who the client is. */
function readAction(reading: Reading, of: Resource, actions: Json): ActionModel {
  const all = [...listOf(actions)].sort((a, b) => number(a.order, 0) - number(b.order, 0));
  const [authentication] = all
    .slice(0, -1)
    .map((before) => readAuthentication(reading, of, before))
    .sort((a, b) => Number(b.type === "unknown") - Number(a.type === "unknown"));
  return { ...(authentication ? { authentication } : {}), ...readFinalAction(reading, of, all.at(-1)) };
}

function readAuthentication(reading: Reading, of: Resource, action: Json): AuthenticationModel {
  const given = block(action, "jwt_validation");
  return action.type === "jwt-validation"
    ? {
        type: "jwt",
        issuer: text(given?.issuer, ""),
        jwksEndpoint: text(given?.jwks_endpoint, ""),
        claims: listOf(given?.additional_claim).map(({ name, format, values }) => ({
          name: text(name, ""),
          format: word(format, "single-string", "string-array", "space-separated-values"),
          values: texts(values),
        })),
      }
    : notSimulated(reading, of, `the action ${action.type}`);
}

/** What is not simulated lets nobody through. */
function notSimulated(reading: Reading, of: Resource, name: string): AuthenticationModel {
  reading.note(of, `has ${name}, which is not simulated: it lets nobody through here`);
  return { type: "unknown", name };
}

function readFinalAction(reading: Reading, of: Resource, action: Json): ActionModel {
  switch (action?.type) {
    case "fixed-response": {
      const given = block(action, "fixed_response");
      return {
        type: "fixed-response",
        status: number(given?.status_code, 200),
        contentType: text(given?.content_type, "text/plain"),
        body: text(given?.message_body, ""),
      };
    }
    case "redirect": {
      const given = block(action, "redirect");
      return {
        type: "redirect",
        status: given?.status_code === "HTTP_301" ? 301 : 302,
        protocol: text(given?.protocol, "#{protocol}"),
        host: text(given?.host, "#{host}"),
        port: text(given?.port, "#{port}"),
        path: text(given?.path, "/#{path}"),
        query: text(given?.query, "#{query}"),
      };
    }
    case "forward":
      return readForward(action);
    default:
      return {
        ...{ type: "forward", targetGroups: [], stickyFor: 0 },
        authentication: notSimulated(reading, of, `the action ${action?.type}`),
      };
  }
}

function readForward(action: Json): ActionModel {
  const given = block(action, "forward");
  const targetGroups =
    given === undefined
      ? [{ arn: action.target_group_arn, weight: 1 }]
      : listOf(given.target_group).map(({ arn, weight }) => ({ arn, weight: number(weight, 1) }));
  const stickiness = block(given, "stickiness");
  return {
    type: "forward",
    targetGroups: targetGroups.flatMap(({ arn, weight }) => {
      const targetGroup = addressIn(arn);
      return targetGroup === undefined ? [] : [{ targetGroup, weight }];
    }),
    stickyFor: flag(stickiness?.enabled, false) ? number(stickiness?.duration, 3600) : 0,
  };
}
