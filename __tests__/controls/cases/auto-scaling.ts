// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import type { Cases, Terraform } from "./case";

const group = (body: object, more: Terraform = {}): Terraform => ({ aws_autoscaling_group: body, ...more });
const TARGETS = { target_group_arns: ["arn:aws:x"] };
const ZONES = { vpc_zone_identifier: ["subnet-1", "subnet-2"] };
const types = (...names: readonly string[]) => ({
  mixed_instances_policy: {
    launch_template: { override: names.map((instance_type) => ({ instance_type })) },
  },
});
const OWN = { autoscaling_group_name: "${aws_autoscaling_group.x.name}" };
const tracking = (predefined_metric_type: string) => ({
  aws_autoscaling_policy: {
    ...OWN,
    target_tracking_configuration: { predefined_metric_specification: { predefined_metric_type } },
  },
});
const notifying = (...events: readonly string[]) => ({
  aws_autoscaling_notification: {
    group_names: ["${aws_autoscaling_group.x.name}"],
    notifications: events.map((event) => `autoscaling:EC2_INSTANCE_${event}`),
  },
});
const quota = (more: object) => ({
  "data.aws_servicequotas_service_quota": { quota_code: "L-DB2E81BA", ...more },
});
const WAITS = { health_check_grace_period: 600, default_instance_warmup: 60 };
const LAUNCHING = { lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING" };

export const autoScaling: Cases = {
  CKV_AWS_315: [group({ launch_template: { id: "lt-1" } }), group({ launch_configuration: "x" })],
  CKV2_AWS_15: [
    group({ ...TARGETS, health_check_type: "ELB", health_check_grace_period: 300 }),
    group({ ...TARGETS, health_check_type: "EC2", health_check_grace_period: 300 }),
  ],
  "AutoScaling.2": [group(ZONES), group({ availability_zones: ["us-east-1a"] })],
  "AutoScaling.6": [
    group({ ...ZONES, ...types("g6.xlarge", "g5.xlarge") }),
    group({ ...ZONES, ...types("g6.xlarge") }),
  ],
  CKV_AWS_153: [group({ tag: [{ key: "team", value: "x" }] }), group({})],
  "AwsSolutions-AS1": [group({ default_cooldown: 60 }), group({})],
  "AwsSolutions-AS3": [
    group({ name: "x" }, notifying("LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR")),
    group({ name: "x" }, notifying("LAUNCH_ERROR")),
  ],
  "REL07-BP01": [
    group({ min_size: 2, max_size: 4 }, tracking("ALBRequestCountPerTarget")),
    group({ min_size: 2, max_size: 4 }, tracking("ASGAverageCPUUtilization")),
  ],
  "REL10-BP01": [group(ZONES), group({ vpc_zone_identifier: ["subnet-1", "subnet-1"] })],
  "REL11-BP05": [
    group({ ...ZONES, min_size: 2 }),
    group({ vpc_zone_identifier: ["subnet-1", "subnet-2", "subnet-3"], min_size: 2 }),
  ],
  "REL01-BP01": [
    group({}, quota({ lifecycle: { postcondition: [{ condition: "${self.value >= 96}" }] } })),
    group({}, quota({})),
  ],
  "FN-GRACE": [
    group({ ...WAITS, initial_lifecycle_hook: [LAUNCHING] }),
    group({ ...WAITS, initial_lifecycle_hook: [] }),
  ],
  "FN-DESIRED": [
    group({ desired_capacity: 2, lifecycle: { ignore_changes: ["desired_capacity"] } }),
    group({ desired_capacity: 2 }),
  ],
  "FN-LT-VERSION": [
    group({ launch_template: { id: "lt-1", version: "${aws_launch_template.x.latest_version}" } }),
    group({ launch_template: { id: "lt-1", version: "$Latest" } }),
  ],
};
