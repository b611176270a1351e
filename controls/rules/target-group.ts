import type { Part } from "../part";
import type { Rule } from "../rule";
import type { World } from "../world";

const TYPES = ["aws_lb_target_group", "aws_alb_target_group"];
const GROUP = "aws_autoscaling_group";
const SECURITY_HUB = "Security Hub user guide, Elastic Load Balancing controls";

/** The groups whose instances are registered with a target group. */
function groupsOf(part: Part, world: World): readonly Part[] {
  return world.pointing(part, "target_group_arns", GROUP);
}

/** Seconds of the hook at the end of an instance of a group: of the group itself, or beside it. */
function drains(group: Part, world: World): readonly number[] {
  const own = group.blocks("initial_lifecycle_hook");
  const beside = world.pointing(group, "autoscaling_group_name", "aws_autoscaling_lifecycle_hook");
  return [...own, ...beside]
    .filter((hook) => hook.text("lifecycle_transition") === "autoscaling:EC2_INSTANCE_TERMINATING")
    .map((hook) => hook.number("heartbeat_timeout") ?? 3600);
}

/** The load balancers of which a listener, or a rule of one, leads to some target groups. */
export function loadBalancersOf(targets: readonly Part[], world: World): readonly Part[] {
  const [one] = targets;
  if (one === undefined) {
    return [];
  }
  const rules = targets.flatMap((each) => world.mentioning(each, ...LISTENER_RULES));
  const listeners = world
    .beside(one, ...LISTENERS)
    .filter(
      (listener) =>
        targets.some((each) => listener.mentions(each)) ||
        rules.some((rule) => rule.refersTo("listener_arn", listener)),
    );
  return world
    .beside(one, "aws_lb", "aws_alb")
    .filter((each) => listeners.some((listener) => listener.refersTo("load_balancer_arn", each)));
}

const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const LISTENER_RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];

export const targetGroup: readonly Rule[] = [
  {
    ids: ["CKV_AWS_261"],
    meaning: "A target group has a health check with a path",
    source: "Checkov, policy index of Terraform",
    types: TYPES,
    holds: (part) =>
      ["HTTP", "HTTPS"].includes(part.text("protocol") ?? "HTTP") ? part.has("health_check.path") : undefined,
  },
  {
    ids: ["CKV_AWS_378", "ELB.22"],
    meaning: "The load balancer encrypts what it sends to instances",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.targetTls"],
    holds: (part) =>
      part.has("protocol") ? ["HTTPS", "TLS", "QUIC"].includes(part.text("protocol") ?? "") : undefined,
  },
  {
    ids: ["ELB.21"],
    meaning: "Health checks are encrypted",
    source: SECURITY_HUB,
    types: TYPES,
    closedBy: ["models.*.targetTls"],
    holds: (part) => (part.text("health_check.protocol") ?? "HTTP") === "HTTPS",
  },
  {
    ids: ["REL05-BP06"],
    meaning: "Any instance may answer any request",
    source: "Well-Architected, Reliability Pillar, REL05-BP06",
    types: TYPES,
    closedBy: ["models.*.stickiness"],
    holds: (part) => !part.has("stickiness") || !part.flag("stickiness.enabled", true),
  },
  {
    ids: ["GENREL03-BP01"],
    meaning: "The health check asks the server for a path of its own, and not only whether a port is open",
    source: "Well-Architected, Generative AI Lens, GENREL03-BP01",
    types: TYPES,
    closedBy: ["models.*.health.path"],
    holds: (part) => part.has("health_check.path") && part.flag("health_check.enabled", true),
  },
  {
    ids: ["REL10-BP03"],
    meaning: "Each target group has instances of its own",
    source: "Well-Architected, Reliability Pillar, REL10-BP03",
    types: [...TYPES, GROUP],
    holds: (part, world) => {
      if (part.type === GROUP) {
        return part.has("target_group_arns") ? part.list("target_group_arns").length === 1 : undefined;
      }
      const groups = groupsOf(part, world);
      return groups.length === 0
        ? undefined
        : groups.length === 1 && groups.every((group) => group.list("target_group_arns").length === 1);
    },
  },
  {
    ids: ["FN-DRAIN"],
    meaning: "An instance ends after its last request: its hook is at least as long as the drain",
    source: "Auto Scaling user guide, Lifecycle hooks",
    types: TYPES,
    closedBy: ["models.*.timing.terminateHook"],
    holds: (part, world) => {
      const hooks = groupsOf(part, world).map((group) => drains(group, world));
      const drain = part.number("deregistration_delay") ?? 300;
      return hooks.length === 0
        ? undefined
        : hooks.every((seconds) => seconds.length > 0 && seconds.every((each) => each >= drain));
    },
  },
  {
    ids: ["FN-NAMES"],
    meaning:
      "A target group or load balancer that must be replaced is made before the old one goes, under another name",
    source: "Terraform documentation, create_before_destroy",
    types: [...TYPES, "aws_lb", "aws_alb"],
    holds: (part) =>
      part.flag("lifecycle.create_before_destroy", false) &&
      (part.has("name_prefix") || /^(?=.{1,32}$).*-[0-9a-f]{6,}$/.test(part.text("name") ?? "")),
  },
];
