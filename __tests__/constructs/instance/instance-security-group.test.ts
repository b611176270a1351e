import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn, Testing } from "cdktf";
import {
  InstanceSecurityGroup,
  type InstanceSecurityGroupProps,
} from "../../../constructs/instance/instance-security-group";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: InstanceSecurityGroupProps = {
  namePrefix: "chat-",
  vpcId: "vpc-1",
  loadBalancerSecurityGroupId: "sg-alb",
  ports: [8000],
};

function synthesize(props: Partial<InstanceSecurityGroupProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "stack");
  new InstanceSecurityGroup(stack, "instances", { ...minimal, ...props });
  return Testing.synth(stack);
}

const addresses = (synthesized: string, type: { readonly tfResourceType: string }) =>
  Object.keys(JSON.parse(synthesized).resource[type.tfResourceType] ?? {}).sort();

const group = `\${aws_security_group.instances.id}`;

describe("the group", () => {
  const synthesized = synthesize({ tags: { Team: "ml" } });

  it("is in the VPC and is created before the one it replaces is deleted", () => {
    expect(synthesized).toHaveResourceWithProperties(SecurityGroup, {
      name_prefix: "chat-",
      vpc_id: "vpc-1",
      description: expect.stringMatching(/\w/),
      tags: { Team: "ml" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("has no inline rules, which would conflict with separate ones", () => {
    const [resource] = Object.values<object>(JSON.parse(synthesized).resource.aws_security_group);
    expect(Object.keys(resource ?? {})).not.toEqual(expect.arrayContaining(["ingress"]));
    expect(Object.keys(resource ?? {})).not.toEqual(expect.arrayContaining(["egress"]));
  });

  it("allows ingress from the load balancer's security group on the port, and nothing else", () => {
    expect(addresses(synthesized, VpcSecurityGroupIngressRule)).toEqual(["instances_from-alb-8000"]);
    expect(synthesized).toHaveResourceWithProperties(VpcSecurityGroupIngressRule, {
      security_group_id: group,
      ip_protocol: "tcp",
      from_port: 8000,
      to_port: 8000,
      referenced_security_group_id: "sg-alb",
      description: "Port 8000 from the load balancer",
      tags: { Team: "ml" },
    });
  });

  it("allows egress over HTTPS, and nothing else", () => {
    expect(addresses(synthesized, VpcSecurityGroupEgressRule)).toEqual(["instances_to-internet"]);
    expect(synthesized).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, {
      security_group_id: group,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
      cidr_ipv4: "0.0.0.0/0",
      description: "Port 443 to internet",
      tags: { Team: "ml" },
    });
  });
});

it("outputs its rules, for dependencies", () => {
  const stack = new ServingStack(Testing.app(), "stack");
  const { rules } = new InstanceSecurityGroup(stack, "instances", minimal);
  new SecurityGroup(stack, "waiting", { dependsOn: [...rules] });
  expect(Testing.synth(stack)).toHaveResourceWithProperties(SecurityGroup, {
    depends_on: [
      "aws_vpc_security_group_ingress_rule.instances_from-alb-8000",
      "aws_vpc_security_group_egress_rule.instances_to-internet",
    ],
  });
});

it("opens the health port too, and a repeated port once", () => {
  expect(addresses(synthesize({ ports: [8000, 9000, 8000] }), VpcSecurityGroupIngressRule)).toEqual([
    "instances_from-alb-8000",
    "instances_from-alb-9000",
  ]);
});

describe("egress given by the caller", () => {
  const synthesized = synthesize({
    egress: [
      { name: "s3", to: { prefixListId: "pl-1" } },
      { name: "endpoints", to: { securityGroupId: "sg-endpoints" } },
      { name: "proxy", to: { cidr: "10.0.0.0/24" }, port: 3128 },
      { name: "ipv6", to: { cidr: "::/0" } },
    ],
  });

  it("replaces the default", () => {
    expect(addresses(synthesized, VpcSecurityGroupEgressRule)).toEqual([
      "instances_to-endpoints",
      "instances_to-ipv6",
      "instances_to-proxy",
      "instances_to-s3",
    ]);
  });

  it.each([
    ["a prefix list", { prefix_list_id: "pl-1", from_port: 443 }],
    ["a security group", { referenced_security_group_id: "sg-endpoints", from_port: 443 }],
    ["an IPv4 block on another port", { cidr_ipv4: "10.0.0.0/24", from_port: 3128, to_port: 3128 }],
    ["an IPv6 block", { cidr_ipv6: "::/0", from_port: 443 }],
  ])("reaches %s", (_, properties) => {
    expect(synthesized).toHaveResourceWithProperties(VpcSecurityGroupEgressRule, properties);
  });

  it("may be none at all", () => {
    expect(addresses(synthesize({ egress: [] }), VpcSecurityGroupEgressRule)).toEqual([]);
  });

  it("must have names that can be part of an address", () => {
    expect(() => synthesize({ egress: [{ name: "a_b", to: { cidr: "10.0.0.0/8" } }] })).toThrow(
      'the name of egress "a_b"',
    );
  });

  it("must have names of their own", () => {
    const rule = { name: "s3", to: { prefixListId: "pl-1" } };
    expect(() => synthesize({ egress: [rule, rule] })).toThrow('two rules in egress are called "s3"');
  });
});

it("needs a port", () => {
  expect(() => synthesize({ ports: [] })).toThrow("ports must name at least");
});

it("refuses a name prefix that EC2 would refuse", () => {
  expect(() => synthesize({ namePrefix: "sg-instances" })).toThrow(
    "namePrefix must have 1 to 229 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
  );
});

it("accepts a token for the name prefix", () => {
  expect(() => synthesize({ namePrefix: Fn.join("-", ["chat", "x".repeat(300)]) })).not.toThrow();
});
