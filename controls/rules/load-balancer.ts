import { webAclMonthPrice } from "../../aws/prices";
import { FEWEST_RULES } from "../../aws/waf";
import { unknownIn } from "../../simulation/terraform/resolve";
import { isHealthCheckPath } from "../../testing/terraform/health-check-path";
import { NotKnown, type Part, written } from "../part";
import type { Price, Rule } from "../rule";
import type { World } from "../world";
import { countZones, subnetsOf } from "../zones";
import { open } from "./security-group";

const TYPES = ["aws_lb", "aws_alb"];
const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
const CHECKOV = "Checkov, policy index of Terraform";
const SECURITY_HUB = "Security Hub user guide, Elastic Load Balancing controls";

/** The web ACL of `entry.waf`. Source of the price of a request: AWS WAF pricing, us-east-1. */
const WEB_ACL: Price = {
  usdAMonth: webAclMonthPrice(FEWEST_RULES),
  per: `region, a web ACL with the ${FEWEST_RULES} rules of entry.waf, and $0.60 a million requests`,
};

const ASSOCIATION = "aws_wafv2_web_acl_association";

const isApplication = (part: Part) => (part.text("load_balancer_type") ?? "application") === "application";

function webAcls(part: Part, world: World): readonly Part[] {
  return world.pointing(part, "resource_arn", ASSOCIATION);
}

/** Whether a listener is one of HTTP at port 80 that redirects to HTTPS at 443, or has nothing to do with either. */
function redirectsAsUsual(listener: Part): boolean {
  const isPlain = (listener.text("protocol") ?? "HTTP") === "HTTP";
  const isAt80 = listener.number("port") === 80;
  const port = listener.blocks("default_action")[0]?.text("redirect.port");
  return isPlain || isAt80 ? isPlain && isAt80 && redirects(listener) && port === "443" : true;
}

/** Whether what a listener answers first is a redirect to HTTPS. */
function redirects(listener: Part): boolean {
  const [action] = listener.blocks("default_action");
  return action?.text("type") === "redirect" && action.text("redirect.protocol") === "HTTPS";
}

function listenersOf(part: Part, world: World): readonly Part[] {
  return world.pointing(part, "load_balancer_arn", ...LISTENERS);
}

/** The security policy of a listener that has one; `undefined` where it speaks no TLS. */
function policyOf(listener: Part): string | undefined {
  return ["HTTPS", "TLS"].includes(listener.text("protocol") ?? "HTTP")
    ? (listener.text("ssl_policy") ?? "none, which is ELBSecurityPolicy-2016-08")
    : undefined;
}

const RECOMMENDED = [
  ...["TLS13-1-3-2021-06", "TLS13-1-3-FIPS-2023-04", "TLS13-1-2-Res-2021-06", "TLS13-1-2-Res-FIPS-2023-04"],
  ...["TLS13-1-2-Res-PQ-2025-09", "TLS13-1-3-PQ-2025-09", "TLS13-1-2-Res-FIPS-PQ-2025-09"],
  "TLS13-1-3-FIPS-PQ-2025-09",
].map((name) => `ELBSecurityPolicy-${name}`);

/** Policies with TLS 1.0 or 1.1, or with CBC ciphers. */
const WEAK = /^none|-(2014|2015|2016)-|TLS-1-[01]|TLS13-1-[01]-/;

/** The names of the managed rule groups of a web ACL. */
export function managedGroups(acl: Part): readonly string[] {
  return acl.blocks("rule").flatMap((rule) => rule.text("statement.managed_rule_group_statement.name") ?? []);
}

/** Names of the authenticated ways in: an action that checks who it is, or certificates of clients. */
const AUTHENTICATES = ["authenticate-oidc", "authenticate-cognito", "jwt-validation"];

function isOpenToAll(part: Part, world: World): boolean {
  const groups = world
    .beside(part, "aws_security_group")
    .filter((group) => part.refersTo("security_groups", group));
  const rules = world
    .beside(part, "aws_vpc_security_group_ingress_rule", "aws_security_group_rule")
    .filter((rule) => groups.some((group) => rule.refersTo("security_group_id", group)));
  return [...groups, ...rules].some((each) => open(each, "ingress").length > 0);
}

/** Whether actions lead to targets and ask nobody who it is. */
function asksNobody(actions: readonly Part[]): boolean {
  const types = actions.map((action) => action.text("type") ?? "");
  return types.includes("forward") && !types.some((type) => AUTHENTICATES.includes(type));
}

/** A rule for health checks of Route 53, which prove nothing. */
function isOfHealthChecks(rule: Part): boolean {
  const paths = rule.blocks("condition").flatMap((each) => each.list("path_pattern.values").map(String));
  return paths.length > 0 && paths.every(isHealthCheckPath);
}

export const loadBalancer: readonly Rule[] = [
  {
    ids: ["CKV_AWS_91", "ELB.5", "AwsSolutions-ELB2", "NIST-ELBLoggingEnabled"],
    meaning: "A load balancer logs each request",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.logs.access"],
    holds: (part) => part.has("access_logs") && part.flag("access_logs.enabled", false),
  },
  {
    ids: ["CKV_AWS_131", "AWS-0052", "ELB.4", "NIST-ALBHttpDropInvalidHeaderEnabled"],
    meaning: "A load balancer drops headers that are not valid",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.dropInvalidHeaders"],
    holds: (part) => (isApplication(part) ? part.flag("drop_invalid_header_fields", false) : undefined),
  },
  {
    ids: ["CKV_AWS_150", "ELB.6", "NIST-ELBDeletionProtectionEnabled"],
    meaning: "AWS refuses to delete a load balancer",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.deletionProtection"],
    holds: (part) => part.flag("enable_deletion_protection", false),
  },
  {
    ids: ["CKV_AWS_328", "ELB.12"],
    meaning: "A load balancer stops requests that two servers read differently",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.desyncMitigation"],
    holds: (part) =>
      isApplication(part)
        ? ["defensive", "strictest"].includes(part.text("desync_mitigation_mode") ?? "defensive")
        : undefined,
  },
  {
    ids: ["CKV_AWS_152"],
    meaning: "A network or gateway load balancer sends requests to all zones",
    source: CHECKOV,
    types: TYPES,
    holds: (part) => (isApplication(part) ? undefined : part.flag("enable_cross_zone_load_balancing", false)),
  },
  {
    ids: ["CKV2_AWS_28"],
    meaning: "A web ACL sees the requests to a public load balancer",
    source: CHECKOV,
    types: TYPES,
    closedBy: ["entry.waf", "entry.webAclArn"],
    price: WEB_ACL,
    holds: (part, world) =>
      part.flag("internal", false) ||
      !isApplication(part) ||
      webAcls(part, world).length > 0 ||
      world.pointing(part, "resource_arn", "aws_wafregional_web_acl_association").length > 0,
  },
  {
    ids: ["ELB.16", "NIST-ALBWAFEnabled"],
    meaning: "A web ACL sees the requests to every load balancer",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.waf", "entry.webAclArn"],
    price: WEB_ACL,
    holds: (part, world) => (isApplication(part) ? webAcls(part, world).length > 0 : undefined),
  },
  {
    ids: ["CKV2_AWS_76"],
    meaning: "The web ACL of a public load balancer has AWS's rules against Log4j and anonymous addresses",
    source: CHECKOV,
    types: TYPES,
    closedBy: ["entry.waf", "entry.webAclArn"],
    holds: (part, world) => {
      const associations = webAcls(part, world);
      const acls = world
        .beside(part, "aws_wafv2_web_acl")
        .filter((acl) => associations.some((each) => each.refersTo("web_acl_arn", acl)));
      if (part.flag("internal", false) || associations.length === 0) {
        return undefined;
      }
      if (acls.length === 0) {
        throw new NotKnown(written(associations[0]?.value("web_acl_arn")));
      }
      const wanted = ["AWSManagedRulesAnonymousIpList", "AWSManagedRulesKnownBadInputsRuleSet"];
      return acls.every((acl) => wanted.every((name) => managedGroups(acl).includes(name)));
    },
  },
  {
    ids: ["CKV2_AWS_20"],
    meaning: "HTTP is spoken at port 80 alone, and leads to HTTPS at port 443",
    source: CHECKOV,
    types: [...TYPES, ...LISTENERS],
    closedBy: ["entry.protocol"],
    holds: (part, world) => {
      if (TYPES.includes(part.type)) {
        return listenersOf(part, world).every(redirectsAsUsual);
      }
      const isJudgedThere = world.beside(part, ...TYPES).some((lb) => part.refersTo("load_balancer_arn", lb));
      return isJudgedThere ? undefined : redirectsAsUsual(part);
    },
  },
  {
    ids: ["ELB.1", "NIST-ALBHttpToHttpsRedirection"],
    meaning: "What speaks HTTP redirects to HTTPS",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["entry.protocol"],
    holds: (part, world) => {
      const plain = listenersOf(part, world).filter((each) => (each.text("protocol") ?? "HTTP") === "HTTP");
      return plain.every(redirects);
    },
  },
  {
    ids: ["ELB.13"],
    meaning: "A load balancer is in two zones or more",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["regions.*.network.create.zones"],
    holds: (part, world) =>
      countZones([...subnetsOf(part, "subnets", world), ...subnetsOf(part, "subnet_mapping", world)]) >= 2,
  },
  {
    ids: ["AWS-0053"],
    meaning: "A load balancer has private addresses",
    source: "Trivy checks, AWS ELB",
    types: TYPES,
    closedBy: ["entry.scheme"],
    holds: (part) => part.flag("internal", false),
  },
  {
    ids: ["REL11-ZonalShift"],
    meaning: "Traffic can be shifted away from a zone",
    source: "Well-Architected, Reliability Pillar, REL11; ELB user guide, Zonal shift",
    types: TYPES,
    closedBy: ["entry.zonalShift"],
    holds: (part) => (isApplication(part) ? part.flag("enable_zonal_shift", false) : undefined),
  },
  {
    ids: ["REL05-BP05"],
    meaning: "The idle timeout is chosen and not AWS's 60 s",
    source: "Well-Architected, Reliability Pillar, REL05-BP05",
    types: TYPES,
    closedBy: ["entry.idleTimeout"],
    holds: (part) => (isApplication(part) ? part.has("idle_timeout") : undefined),
  },
  {
    ids: ["MLSEC-12"],
    meaning:
      "Only those who are meant reach the models: private addresses, named clients, or clients who prove who they are",
    source: "Well-Architected, Machine Learning Lens, MLSEC-12",
    types: TYPES,
    closedBy: ["entry.allow"],
    holds: (part, world) => {
      const listeners = listenersOf(part, world);
      const rules = listeners.flatMap((each) => world.pointing(each, "listener_arn", ...RULES));
      const ways = [
        ...listeners.map((each) => each.blocks("default_action")),
        ...rules.filter((rule) => !isOfHealthChecks(rule)).map((each) => each.blocks("action")),
      ];
      const isKnown =
        !ways.some(asksNobody) ||
        (listeners.length > 0 &&
          listeners.every((each) => each.text("mutual_authentication.mode") === "verify" || redirects(each)));
      return part.flag("internal", false) || isKnown || !isOpenToAll(part, world);
    },
  },
  {
    ids: ["CKV_AWS_2", "AWS-0054", "ELB.18"],
    meaning: "A listener encrypts, or redirects to one that does",
    source: SECURITY_HUB,
    types: LISTENERS,
    closedBy: ["entry.protocol"],
    holds: (part) =>
      ["HTTPS", "TLS", "TCP", "UDP", "TCP_UDP"].includes(part.text("protocol") ?? "HTTP") || redirects(part),
  },
  {
    ids: ["CKV_AWS_103"],
    meaning: "A listener takes TLS 1.2 or later",
    source: CHECKOV,
    types: LISTENERS,
    closedBy: ["entry.tlsPolicy"],
    holds: (part) => {
      const policy = policyOf(part);
      return policy === undefined
        ? ["TCP", "UDP", "TCP_UDP"].includes(part.text("protocol") ?? "HTTP") || redirects(part)
        : /^ELBSecurityPolicy-(FS-1-2|TLS-1-2|TLS13)/.test(policy);
    },
  },
  {
    ids: ["CKV2_AWS_74", "AWS-0047"],
    meaning: "A listener takes no weak ciphers",
    source: "ELB user guide, Security policies for your Application Load Balancer",
    types: LISTENERS,
    closedBy: ["entry.tlsPolicy"],
    holds: (part) => {
      const policy = policyOf(part);
      const denied = ["TLS13-1-2-Ext1-2021-06", "TLS13-1-2-Ext2-2021-06", "FS-2018-06"];
      return policy && !WEAK.test(policy) && !denied.some((name) => policy.endsWith(name));
    },
  },
  {
    ids: ["ELB.17"],
    meaning: "A listener has a security policy that AWS recommends",
    source: SECURITY_HUB,
    types: LISTENERS,
    closedBy: ["entry.tlsPolicy"],
    holds: (part) => {
      const policy = policyOf(part);
      return policy && RECOMMENDED.includes(policy);
    },
  },
  {
    ids: ["elbv2_listener_pqc_tls_enabled"],
    meaning: "A listener agrees on keys that a quantum computer cannot find",
    source: "Prowler hub, elbv2_listener_pqc_tls_enabled",
    types: LISTENERS,
    closedBy: ["entry.tlsPolicy"],
    holds: (part) => policyOf(part)?.includes("-PQ-2025-09"),
  },
  {
    ids: ["NIST-ELBv2ACMCertificateRequired"],
    meaning: "The certificate of a listener is one of ACM",
    source: "cdk-nag, NIST 800-53 rev 5",
    types: LISTENERS,
    closedBy: ["entry.protocol"],
    holds: (part) => {
      if (redirects(part)) {
        return undefined;
      }
      const value = part.value("certificate_arn");
      return (
        /^arn:[^:]+:acm:/.test(String(value)) ||
        (part.has("certificate_arn") && (unknownIn(value)?.address.includes("aws_acm_certificate") ?? false))
      );
    },
  },
  {
    ids: ["REL05-BP01"],
    meaning: "What no route matches gets an error as JSON, and not some model's answer",
    source: "Well-Architected, Reliability Pillar, REL05-BP01",
    types: LISTENERS,
    closedBy: ["entry.default"],
    holds: (part) =>
      part
        .blocks("default_action")
        .every((action) =>
          action.text("type") === "fixed-response"
            ? /^[45]/.test(action.text("fixed_response.status_code") ?? "") &&
              action.text("fixed_response.content_type") === "application/json"
            : ["redirect", ...AUTHENTICATES].includes(action.text("type") ?? ""),
        ),
  },
];
