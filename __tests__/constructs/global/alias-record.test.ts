import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { TerraformOutput, Testing } from "cdktf";
import { AliasRecord, type AliasRecordProps } from "../../../constructs/global/alias-record";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<AliasRecordProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "global");
  const { target } = new AliasRecord(stack, "name", {
    zoneId: "Z1",
    name: "chat.example.com",
    target: { dnsName: "chat-1.us-east-1.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" },
    addresses: "ipv4",
    evaluateTargetHealth: true,
    ...props,
  });
  new TerraformOutput(stack, "target", { value: target, staticId: true });
  return Testing.synth(stack);
}

const typesOf = (synthesized: string) =>
  Object.values<{ type: string }>(JSON.parse(synthesized).resource.aws_route53_record).map(
    ({ type }) => type,
  );

it("resolves a name to a resource", () => {
  const synthesized = synthesize();
  expect(synthesized).toHaveResourceWithProperties(Route53Record, {
    zone_id: "Z1",
    name: "chat.example.com",
    type: "A",
    alias: {
      name: "chat-1.us-east-1.elb.amazonaws.com",
      zone_id: "Z35SXDOTRQ7X7K",
      evaluate_target_health: true,
    },
    lifecycle: { create_before_destroy: true },
  });
  expect(typesOf(synthesized)).toEqual(["A"]);
});

it("has one record for each kind of address", () => {
  const synthesized = synthesize({ addresses: "ipv4 and ipv6", evaluateTargetHealth: false });
  expect(typesOf(synthesized)).toEqual(["A", "AAAA"]);
  expect(synthesized).toHaveResourceWithProperties(Route53Record, {
    type: "AAAA",
    alias: expect.objectContaining({ evaluate_target_health: false }),
  });
});

it("is a target that others wait for", () => {
  expect(JSON.parse(synthesize()).output.target.value).toEqual({
    dnsName: `\${aws_route53_record.name_a.fqdn}`,
    zoneId: "Z1",
  });
});

describe("an alias of another name of its zone, with IPv4 and IPv6", () => {
  const stack = new ServingStack(Testing.app(), "global");
  const props = { zoneId: "Z1", addresses: "ipv4 and ipv6", evaluateTargetHealth: true } as const;
  const choice = (identifier: string) =>
    new AliasRecord(stack, identifier, {
      ...props,
      name: "choice.example.com",
      target: { dnsName: "chat-1.us-east-1.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" },
      routing: { weight: 1, identifier },
    });
  const choices = [choice("one"), choice("other")];
  const [{ target } = { target: { dnsName: "", zoneId: "" } }] = choices;
  new AliasRecord(stack, "name", { ...props, name: "chat.example.com", target, after: choices });
  const { name_a, name_aaaa } = JSON.parse(Testing.synth(stack)).resource.aws_route53_record;

  it("points each record to the record of the same type, which is created before", () => {
    expect(name_a.alias.name).toBe(`\${aws_route53_record.one_a.fqdn}`);
    expect(name_aaaa.alias.name).toBe(`\${aws_route53_record.one_aaaa.fqdn}`);
  });

  it("waits for all records of that name", () => {
    const all = ["one_a", "one_aaaa", "other_a", "other_aaaa"].map((id) => `aws_route53_record.${id}`);
    expect(name_a.depends_on).toEqual(all);
    expect(name_aaaa.depends_on).toEqual(all);
  });
});

it("has simple routing by default", () => {
  const { name_a } = JSON.parse(synthesize()).resource.aws_route53_record;
  expect(Object.keys(name_a).filter((key) => /policy|identifier|health_check/.test(key))).toEqual([]);
});

it.each<[string, AliasRecordProps["routing"], object]>([
  [
    "by latency",
    { latencyTo: "eu-west-1", identifier: "eu-west-1", healthCheckId: "abc" },
    { latency_routing_policy: { region: "eu-west-1" } },
  ],
  [
    "by weight",
    { weight: 0, identifier: "eu-west-1", healthCheckId: "abc" },
    { weighted_routing_policy: { weight: 0 } },
  ],
  [
    "in order",
    { failover: "SECONDARY", identifier: "eu-west-1", healthCheckId: "abc" },
    { failover_routing_policy: { type: "SECONDARY" } },
  ],
])("is one of several, chosen %s", (_, routing, policy) => {
  expect(synthesize({ routing })).toHaveResourceWithProperties(Route53Record, {
    ...policy,
    set_identifier: "eu-west-1",
    health_check_id: "abc",
  });
});
