import type { Deployment } from "../../config/deployment";
import { doorFile } from "../support/door-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { type Json, synthesized } from "../support/synthesis";

/** What has names that count within something else: an Auto Scaling group, a policy's role, a hosted zone. */
const NAMED_WITHIN = [
  "aws_autoscaling_lifecycle_hook",
  "aws_autoscaling_policy",
  "aws_iam_role_policy",
  "aws_route53_record",
];

/** The names that an account has once in a region, each with its type and the region it is in. */
function namesOf(deployment: Deployment): readonly string[] {
  return Object.values(synthesized(deployment)).flatMap(({ provider, resource = {} }: Json) => {
    const [{ region }] = provider.aws;
    return Object.entries<Json>(resource)
      .filter(([type]) => !NAMED_WITHIN.includes(type))
      .flatMap(([type, byId]) =>
        Object.values<Json>(byId).flatMap(({ name, alarm_name, bucket }) =>
          [name, alarm_name, bucket]
            .filter((each) => typeof each === "string" && !each.startsWith("$"))
            .map((each) => `${region} ${type} ${each}`),
        ),
      );
  });
}

const deploymentNamed = (name: string, routing: "latency" | "accelerator"): Deployment => {
  const file: WrittenFile = doorFile({ routing }, undefined, {
    name,
    state: { bucket: `example-${name}-tfstate`, region: "us-east-1" },
    entry: { ...validFile().entry, domain: `${name}.example.com` },
    models: { llama: validModel(), door: validModel(), alarms: validModel() },
  });
  return valid(file).deployment;
};

describe.each(["latency", "accelerator"] as const)("deployments in one account, by %s", (routing) => {
  const chat = namesOf(deploymentNamed("chat", routing));

  it("have names of all kinds", () => {
    const kinds = new Set(chat.map((name) => name.split(" ")[1]));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        "aws_autoscaling_group",
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_metric_alarm",
        "aws_lb",
        "aws_lb_target_group",
        "aws_sns_topic",
      ]),
    );
  });

  it.each(["chat-door", "chat-alarms", "chat-llama", "vpc"])("share no name with %s", (other) => {
    const others = namesOf(deploymentNamed(other, routing));
    expect(chat.filter((name) => others.includes(name))).toEqual([]);
  });
});
