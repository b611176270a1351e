import { GlobalacceleratorAccelerator } from "@cdktf/provider-aws/lib/globalaccelerator-accelerator";
import { GlobalacceleratorEndpointGroup } from "@cdktf/provider-aws/lib/globalaccelerator-endpoint-group";
import { GlobalacceleratorListener } from "@cdktf/provider-aws/lib/globalaccelerator-listener";
import { TerraformOutput, Testing } from "cdktf";
import { Accelerator, type AcceleratorProps } from "../../../constructs/global/accelerator";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

const minimal: AcceleratorProps = {
  name: "chat",
  ports: [443, 80],
  loadBalancers: [
    {
      region: "us-east-1",
      loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/america/1",
    },
    {
      region: "eu-central-1",
      loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/europe/1",
      dial: 0,
    },
  ],
};

function synthesize(props: Partial<AcceleratorProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "global");
  const accelerator = new Accelerator(stack, "accelerator", { ...minimal, ...props });
  for (const what of ["arn", "listenerArn", "endpointGroupArns", "staticAddresses", "target"] as const) {
    new TerraformOutput(stack, what, { value: accelerator[what], staticId: true });
  }
  return Testing.synth(stack);
}

const ACCELERATOR = "aws_globalaccelerator_accelerator.accelerator";

describe("an accelerator", () => {
  const synthesized = synthesize();
  const { output, resource } = JSON.parse(synthesized);

  it("has IPv4 addresses and no flow logs", () => {
    expect(synthesized).toHaveResourceWithProperties(GlobalacceleratorAccelerator, {
      name: "chat",
      ip_address_type: "IPV4",
      enabled: true,
    });
    expect(resource.aws_globalaccelerator_accelerator.accelerator).not.toHaveProperty("attributes");
  });

  it("listens at its ports in their order, each connection by itself", () => {
    expect(synthesized).toHaveResourceWithProperties(GlobalacceleratorListener, {
      accelerator_arn: `\${${ACCELERATOR}.arn}`,
      protocol: "TCP",
      client_affinity: "NONE",
      port_range: [
        { from_port: 80, to_port: 80 },
        { from_port: 443, to_port: 443 },
      ],
    });
  });

  it("has the load balancer of each region as endpoint, and preserves client addresses", () => {
    expect(synthesized).toHaveResourceWithProperties(GlobalacceleratorEndpointGroup, {
      listener_arn: `\${aws_globalaccelerator_listener.accelerator_listener.id}`,
      endpoint_group_region: "us-east-1",
      traffic_dial_percentage: 100,
      endpoint_configuration: [
        {
          endpoint_id: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/america/1",
          client_ip_preservation_enabled: true,
          weight: 128,
        },
      ],
    });
  });

  it("sets the dial of a region to 0", () => {
    expect(synthesized).toHaveResourceWithProperties(GlobalacceleratorEndpointGroup, {
      endpoint_group_region: "eu-central-1",
      traffic_dial_percentage: 0,
    });
  });

  it("sets no health check, which AWS would ignore", () => {
    for (const group of Object.values<object>(resource.aws_globalaccelerator_endpoint_group)) {
      expect(Object.keys(group).filter((key) => /health|threshold/.test(key))).toEqual([]);
    }
  });

  it("outputs its addresses, its name and the ARNs of its endpoint groups", () => {
    expect(output).toMatchObject({
      arn: { value: `\${${ACCELERATOR}.arn}` },
      staticAddresses: { value: `\${flatten(${ACCELERATOR}.ip_sets[*].ip_addresses)}` },
      target: {
        value: { dnsName: `\${${ACCELERATOR}.dns_name}`, zoneId: `\${${ACCELERATOR}.hosted_zone_id}` },
      },
      listenerArn: { value: `\${aws_globalaccelerator_listener.accelerator_listener.id}` },
      endpointGroupArns: {
        value: {
          "us-east-1": `\${aws_globalaccelerator_endpoint_group.accelerator_region_us-east-1.arn}`,
          "eu-central-1": `\${aws_globalaccelerator_endpoint_group.accelerator_region_eu-central-1.arn}`,
        },
      },
    });
  });
});

it("has IPv6 addresses too, with the dual-stack name", () => {
  const synthesized = synthesize({ addresses: "ipv4 and ipv6" });
  expect(synthesized).toHaveResourceWithProperties(GlobalacceleratorAccelerator, {
    ip_address_type: "DUAL_STACK",
  });
  expect(JSON.parse(synthesized).output.target.value.dnsName).toBe(`\${${ACCELERATOR}.dual_stack_dns_name}`);
});

it("keeps a client with its region", () => {
  expect(synthesize({ clientAffinity: "source-ip" })).toHaveResourceWithProperties(
    GlobalacceleratorListener,
    {
      client_affinity: "SOURCE_IP",
    },
  );
});

it("logs connections, and has tags", () => {
  expect(
    synthesize({ flowLogs: { bucket: "logs", prefix: "global-endpoint" }, tags: { team: "ml" } }),
  ).toHaveResourceWithProperties(GlobalacceleratorAccelerator, {
    attributes: {
      flow_logs_enabled: true,
      flow_logs_s3_bucket: "logs",
      flow_logs_s3_prefix: "global-endpoint",
    },
    tags: { team: "ml" },
  });
});

it.each<[string, Partial<AcceleratorProps>]>([
  ["accelerator name must have 1 to 64 letters, digits, dots and hyphens", { name: "-chat" }],
  [
    "one endpoint group in each region; us-east-1 is given twice",
    {
      loadBalancers: [
        {
          region: "us-east-1",
          loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1",
        },
        {
          region: "us-east-1",
          loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/b/1",
        },
      ],
    },
  ],
])("refuses: %s", (message, props) => {
  expect(() => synthesize(props)).toThrow(message);
});
