import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { TerraformOutput, Testing } from "cdktf";
import { INSTANCE_SERVICES } from "../../../aws/instance-services";
import {
  InterfaceEndpoints,
  type InterfaceEndpointsProps,
} from "../../../constructs/network/interface-endpoints";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(props: Partial<InterfaceEndpointsProps> = {}): string {
  const stack = new ServingStack(Testing.app(), "region");
  const endpoints = new InterfaceEndpoints(stack, "endpoints", {
    name: "chat",
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    allowedCidr: "10.0.0.0/16",
    ...props,
  });
  new TerraformOutput(stack, "ids", {
    value: Object.entries(endpoints.endpoints).map(([service, { id }]) => `${service}: ${id}`),
  });
  return Testing.synth(stack);
}

const securityGroupId = `\${aws_security_group.endpoints_security-group.id}`;

describe("interface endpoints", () => {
  const synthesized = synthesize({ services: ["sts", "ecr.api"] });
  const { resource, data, output } = JSON.parse(synthesized);

  it("answer to the service's usual name, from every subnet given", () => {
    expect(synthesized).toHaveResourceWithProperties(VpcEndpoint, {
      vpc_id: "vpc-1",
      vpc_endpoint_type: "Interface",
      service_name: `\${data.aws_vpc_endpoint_service.endpoints_ecr-api-service.service_name}`,
      subnet_ids: ["subnet-a", "subnet-b"],
      security_group_ids: [securityGroupId],
      private_dns_enabled: true,
      tags: { Name: "chat-ecr-api" },
    });
  });

  it("look up the full name of the service", () => {
    expect(synthesized).toHaveDataSourceWithProperties(DataAwsVpcEndpointService, {
      service: "ecr.api",
      service_type: "Interface",
    });
  });

  it("are made for the given services only", () => {
    expect(Object.keys(resource.aws_vpc_endpoint).sort()).toEqual(["endpoints_ecr-api", "endpoints_sts"]);
  });

  it("have addresses that name their service", () => {
    expect(resource.aws_vpc_endpoint["endpoints_ecr-api"].tags).toEqual({ Name: "chat-ecr-api" });
    expect(data.aws_vpc_endpoint_service["endpoints_ecr-api-service"].service).toBe("ecr.api");
  });

  it("are found by service", () => {
    expect(output.ids.value).toEqual([
      `ecr.api: \${aws_vpc_endpoint.endpoints_ecr-api.id}`,
      `sts: \${aws_vpc_endpoint.endpoints_sts.id}`,
    ]);
  });

  it("allow HTTPS from the block, and nothing else", () => {
    expect(Object.values(resource.aws_vpc_security_group_ingress_rule)).toEqual([
      expect.objectContaining({
        security_group_id: securityGroupId,
        cidr_ipv4: "10.0.0.0/16",
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
      }),
    ]);
    expect(resource).not.toHaveProperty("aws_vpc_security_group_egress_rule");
  });

  it("have a security group in the VPC that is created before the old one is deleted", () => {
    expect(synthesized).toHaveResourceWithProperties(SecurityGroup, {
      name_prefix: "chat-endpoints-",
      vpc_id: "vpc-1",
      tags: { Name: "chat-endpoints" },
      lifecycle: { create_before_destroy: true },
    });
  });
});

it("allow HTTPS from each security group given, instead of the block", () => {
  const { resource } = JSON.parse(
    synthesize({ allowedCidr: undefined, allowedSecurityGroups: { instances: "sg-1", bastion: "sg-2" } }),
  );
  expect(resource.aws_vpc_security_group_ingress_rule).toEqual({
    "endpoints_from-instances": expect.objectContaining({
      referenced_security_group_id: "sg-1",
      description: "HTTPS from instances",
    }),
    "endpoints_from-bastion": expect.objectContaining({
      referenced_security_group_id: "sg-2",
      description: "HTTPS from bastion",
    }),
  });
});

it("need a block or a security group to allow", () => {
  expect(() => synthesize({ allowedCidr: undefined })).toThrow(
    "region/endpoints: set allowedCidr or allowedSecurityGroups; without either nobody may call the endpoints",
  );
});

it("exist for all services that an instance calls, by default", () => {
  const { data } = JSON.parse(synthesize());
  const services = Object.values<{ service: string }>(data.aws_vpc_endpoint_service).map(
    ({ service }) => service,
  );
  expect(services.sort()).toEqual([...INSTANCE_SERVICES].sort());
  expect(services).toContain("ecr.dkr");
});

it("are the same in whatever order the services are named", () => {
  expect(synthesize({ services: ["sts", "ssm", "logs"] })).toBe(
    synthesize({ services: ["logs", "sts", "ssm"] }),
  );
});

it("refuse a service given twice", () => {
  expect(() => synthesize({ services: ["sts", "sts"] })).toThrow("sts");
});
