import type { Deployment } from "../../config/plan/deployment";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { awsRegionOf, type Json, synthesized } from "../support/synthesis";

/** Types whose names are unique within something else: an Auto Scaling group, a policy's role, a hosted zone. */
const NAMED_WITHIN = ["aws_autoscaling_lifecycle_hook", "aws_autoscaling_policy", "aws_route53_record"];

/** The names that must be unique in an account and a region, each with its type and region. */
function namesOf(deployment: Deployment): readonly string[] {
  return Object.values(synthesized(deployment)).flatMap((stack: Json) =>
    Object.entries<Json>(stack.resource ?? {})
      .filter(([type]) => !NAMED_WITHIN.includes(type))
      .flatMap(([type, byId]) =>
        Object.values<Json>(byId).flatMap((each) =>
          [each.name, each.alarm_name, each.bucket]
            .filter((name) => typeof name === "string" && !name.startsWith("$"))
            .map((name) => `${awsRegionOf(stack, each)} ${type} ${name}`),
        ),
      ),
  );
}

/** Regions that also have the alarms of a global endpoint, by records or by an accelerator. */
const BESIDE_GLOBAL_ENDPOINT_ALARMS = { "us-east-1": {}, "us-west-2": {} };

const deploymentNamed = (name: string, routing: "latency" | "accelerator"): Deployment => {
  const file: WrittenFile = globalEndpointFile({ routing }, BESIDE_GLOBAL_ENDPOINT_ALARMS, {
    name,
    state: { bucket: `example-${name}-tfstate`, region: "us-east-1" },
    entry: { ...validFile().entry, domain: `${name}.example.com` },
    models: { llama: validModel(), "global-endpoint": validModel(), alarms: validModel() },
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

  it("use no name twice in a region", () => {
    expect(chat.filter((name, place) => chat.indexOf(name) < place)).toEqual([]);
  });

  it.each(["chat-global-endpoint", "chat-alarms", "chat-llama", "vpc"])("share no name with %s", (other) => {
    const others = namesOf(deploymentNamed(other, routing));
    expect(chat.filter((name) => others.includes(name))).toEqual([]);
  });
});
