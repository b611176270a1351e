import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Lazy, TerraformOutput, Testing } from "cdktf";
import {
  isIpv6,
  LoadBalancerSecurityGroup,
} from "../../../constructs/load-balancer/load-balancer-security-group";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(open: (group: LoadBalancerSecurityGroup) => void): string {
  const stack = new ServingStack(Testing.app(), "region");
  const group = new LoadBalancerSecurityGroup(stack, "edge", {
    namePrefix: "chat-",
    vpcId: "vpc-1",
    tags: { Team: "ml" },
  });
  open(group);
  new TerraformOutput(stack, "id", { value: group.securityGroupId, staticId: true });
  return Testing.synth(stack);
}

const id = `\${aws_security_group.edge.id}`;

describe("the security group of a load balancer", () => {
  const synthesized = synthesize(() => {});
  const { resource, output } = JSON.parse(synthesized);

  it("is in the VPC and is created before the one it replaces is deleted", () => {
    expect(synthesized).toHaveResourceWithProperties(SecurityGroup, {
      name_prefix: "chat-",
      description: expect.stringMatching(/\w/),
      vpc_id: "vpc-1",
      tags: { Team: "ml" },
      lifecycle: { create_before_destroy: true },
    });
    expect(output.id.value).toBe(id);
  });

  it("starts closed in both directions", () => {
    expect(Object.keys(resource)).toEqual(["aws_security_group"]);
    expect(resource.aws_security_group.edge).not.toHaveProperty("ingress");
    expect(resource.aws_security_group.edge).not.toHaveProperty("egress");
  });
});

describe("allowing clients", () => {
  const allow = (cidrs: readonly string[], port = 443) =>
    synthesize((group) => group.allowFrom("https", cidrs, port));
  const rules = (cidrs: readonly string[]) =>
    JSON.parse(allow(cidrs)).resource.aws_vpc_security_group_ingress_rule;

  it("makes a rule for the range and the port", () => {
    expect(Object.keys(rules(["203.0.113.0/24"]))).toEqual(["edge_https-from-203-0-113-0-24"]);
    expect(allow(["203.0.113.0/24"])).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: id,
      cidr_ipv4: "203.0.113.0/24",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      description: "https from 203.0.113.0/24",
      tags: { Team: "ml" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("accepts IPv6 ranges", () => {
    const rule = rules(["2001:db8::/32"])["edge_https-from-2001-db8---32"];
    expect(rule.cidr_ipv6).toBe("2001:db8::/32");
    expect(rule).not.toHaveProperty("cidr_ipv4");
  });

  it("makes the same rules whatever the order, and one for a range listed twice", () => {
    expect(rules(["10.0.0.0/8", "::/0", "10.0.0.0/8"])).toEqual(rules(["::/0", "10.0.0.0/8"]));
  });

  it("keeps ranges apart that differ only in punctuation", () => {
    expect(Object.keys(rules(["1:20::/32", "12:0::/32"]))).toHaveLength(2);
  });

  it("refuses a range that is a token", () => {
    expect(() => allow([Lazy.stringValue({ produce: () => "10.0.0.0/8" })])).toThrow(
      "must be a plain text, not a reference",
    );
  });
});

describe("allowing egress", () => {
  const allow = (port: number) =>
    JSON.parse(synthesize((group) => group.allowTo("llama", "sg-instances", port))).resource
      .aws_vpc_security_group_egress_rule;

  it("makes a rule for one port of another security group, and no range", () => {
    expect(allow(8000)).toEqual({
      "edge_to-llama": {
        security_group_id: id,
        referenced_security_group_id: "sg-instances",
        ip_protocol: "tcp",
        from_port: 8000,
        to_port: 8000,
        description: "to llama",
        tags: { Team: "ml" },
        lifecycle: { create_before_destroy: true },
      },
    });
  });
});

it("distinguishes IPv6 from IPv4 by the colon", () => {
  expect(isIpv6("::/0")).toBe(true);
  expect(isIpv6("0.0.0.0/0")).toBe(false);
});

describe("allowing a prefix list", () => {
  const allow = (port: number) =>
    synthesize((group) => group.allowFromPrefixList("https", "checkers", "pl-1", port));

  it("makes a rule for the list and the port", () => {
    const { aws_vpc_security_group_ingress_rule: rules } = JSON.parse(allow(443)).resource;
    expect(rules["edge_https-from-checkers"]).toMatchObject({
      security_group_id: id,
      prefix_list_id: "pl-1",
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      tags: { Team: "ml" },
      lifecycle: { create_before_destroy: true },
    });
  });
});
