import { unknownsIn } from "../../simulation/terraform/resolve";
import type { Rule } from "../rule";

const RECORD = ["aws_route53_record"];
const ENDPOINTS = "aws_globalaccelerator_endpoint_group";
const CERTIFICATE = ["aws_acm_certificate"];
const CHECKOV = "Checkov, policy index of Terraform";

/** Names by which clients reach the models: Route 53, ACM and Global Accelerator. */
export const names: readonly Rule[] = [
  {
    ids: ["CKV2_AWS_23"],
    meaning:
      "A record leads to something that Terraform knows, and not to an address that was once written down",
    source: CHECKOV,
    types: RECORD,
    holds: (part) => {
      if (!["A", "AAAA"].includes(part.text("type") ?? "")) {
        return undefined;
      }
      const names = part.has("alias") ? [part.value("alias.name")] : part.list("records");
      return names.every((each) => unknownsIn(each).length > 0);
    },
  },
  {
    ids: ["REL11-BP02"],
    meaning: "A name or an accelerator leads to a region only while it is healthy, and then to another",
    source: "Well-Architected, Reliability Pillar, REL11-BP02",
    types: [...RECORD, ENDPOINTS],
    holds: (part, world) => {
      if (part.type === ENDPOINTS) {
        const others = world
          .beside(part, ENDPOINTS)
          .filter((each) => each !== part && each.value("listener_arn") === part.value("listener_arn"));
        return part.has("endpoint_configuration") && others.length > 0;
      }
      const routed = ["weighted", "latency", "failover", "geolocation", "multivalue_answer"];
      return routed.some((kind) => part.has(`${kind}_routing_policy`))
        ? part.has("health_check_id") ||
            (part.has("alias") && part.flag("alias.evaluate_target_health", false))
        : undefined;
    },
  },
  {
    ids: ["GENREL05-BP01"],
    meaning: "Clients are shared among two regions or more: an accelerator and a routed name lead to several",
    source: "Well-Architected, Generative AI Lens, GENREL05-BP01",
    types: [...RECORD, "aws_globalaccelerator_listener"],
    closedBy: ["regions"],
    holds: (part, world) => {
      if (part.type === "aws_globalaccelerator_listener") {
        return world.pointing(part, "listener_arn", ENDPOINTS).length >= 2;
      }
      const same = world
        .beside(part, ...RECORD)
        .filter((each) => ["name", "type", "zone_id"].every((name) => each.value(name) === part.value(name)));
      // A step on the way of another name.
      const isStep = world.beside(part, ...RECORD).some((each) => each.refersTo("alias.name", part));
      return part.has("set_identifier") && !(isStep && same.length === 1) ? same.length >= 2 : undefined;
    },
  },
  {
    ids: ["CKV2_AWS_39", "Route53.2"],
    meaning: "The questions about a public zone are logged",
    source: "Security Hub user guide, Route 53 controls",
    types: ["aws_route53_zone"],
    holds: (part, world) =>
      part.has("vpc") || world.pointing(part, "zone_id", "aws_route53_query_log").length > 0,
  },
  {
    ids: ["CKV2_AWS_38"],
    meaning: "The answers of a public zone are signed",
    source: CHECKOV,
    types: ["aws_route53_zone"],
    holds: (part, world) =>
      part.has("vpc") || world.pointing(part, "hosted_zone_id", "aws_route53_hosted_zone_dnssec").length > 0,
  },
  {
    ids: ["CKV_AWS_75"],
    meaning: "The connections of an accelerator are recorded",
    source: CHECKOV,
    types: ["aws_globalaccelerator_accelerator"],
    closedBy: ["globalEndpoint.accelerator.flowLogs"],
    holds: (part) => part.has("attributes") && part.flag("attributes.flow_logs_enabled", false),
  },
  {
    ids: ["CKV_AWS_233", "aws_acm_certificate_lifecycle"],
    meaning: "A certificate is made before the one that it replaces goes",
    source: CHECKOV,
    types: CERTIFICATE,
    holds: (part) => part.has("lifecycle") && part.flag("lifecycle.create_before_destroy", false),
  },
  {
    ids: ["CKV_AWS_234"],
    meaning: "A certificate is in the public logs",
    source: CHECKOV,
    types: CERTIFICATE,
    holds: (part) => part.text("options.certificate_transparency_logging_preference") !== "DISABLED",
  },
  {
    ids: ["CKV2_AWS_71"],
    meaning: "A certificate names each domain",
    source: CHECKOV,
    types: CERTIFICATE,
    closedBy: ["entry.domain"],
    holds: (part) =>
      ![part.value("domain_name"), ...part.list("subject_alternative_names")].some((each) =>
        String(each).includes("*"),
      ),
  },
  {
    ids: ["ACM.2"],
    meaning: "The key of a certificate has 2,048 bits or more",
    source: "Security Hub user guide, ACM controls",
    types: CERTIFICATE,
    holds: (part) => part.text("key_algorithm") !== "RSA_1024",
  },
];
