import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { INSTANCE_SERVICES } from "../../aws/instance-services";
import { requireId, requireIds } from "../require-within";
import { requireAddressRange } from "./address-range";

/** Props of {@link InterfaceEndpoints}. */
export interface InterfaceEndpointsProps {
  /** Prefix of the `Name` tags, e.g. `chat-prod`. */
  readonly name: string;
  /**
   * The VPC. Its DNS support and DNS hostnames must be on, so that the services' usual names resolve to the endpoints.
   */
  readonly vpcId: string;
  /** One subnet in each zone that has instances, so that the loss of a zone does not cut off others. */
  readonly subnetIds: string[];
  /**
   * Terraform expression: the names of the zones of those subnets, such as `network.zoneNames`. Terraform then refuses,
   * when it plans, a service that is missing in one of them.
   * @default not checked
   */
  readonly zoneNames?: string;
  /**
   * IPv4 block that may connect to the endpoints, such as the VPC's.
   * @default none
   */
  readonly allowedCidr?: string;
  /**
   * Ids of security groups whose members may connect to the endpoints, each by a name, e.g. `instances`.
   * @default none
   */
  readonly allowedSecurityGroups?: { readonly [whose: string]: string };
  /**
   * Short names of the services, as in `com.amazonaws.<region>.<service>`. Terraform refuses a service that the region
   * does not have.
   * @default {@link INSTANCE_SERVICES}
   */
  readonly services?: readonly string[];
}

/**
 * Interface endpoints, through which private subnets reach AWS services without the internet. The usual names of the
 * services resolve to them, so that callers need no change.
 *
 * Without NAT, instances should not start before the endpoints exist: let them depend on
 * {@link InterfaceEndpoints.endpoints}.
 *
 * Source: VPC user guide (AWS PrivateLink), "Access an AWS service using an interface VPC endpoint".
 */
export class InterfaceEndpoints extends Construct {
  /** The endpoints, by service. */
  public readonly endpoints: Readonly<Record<string, VpcEndpoint>>;
  /** The security group of all endpoints. */
  public readonly securityGroup: SecurityGroup;

  /** @throws Error when neither a block nor a security group is allowed, or a service is given twice */
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    requireId("vpcId", props.vpcId, "vpc");
    requireIds("subnetIds", props.subnetIds, "subnet");
    requireIds("allowedSecurityGroups", Object.values(props.allowedSecurityGroups ?? {}), "securityGroup");
    if (props.allowedCidr !== undefined) {
      requireAddressRange("allowedCidr", props.allowedCidr);
    }
    this.securityGroup = new SecurityGroup(this, "security-group", {
      namePrefix: `${props.name}-endpoints-`,
      description: "Interface endpoints of AWS services",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-endpoints` },
      lifecycle: { createBeforeDestroy: true },
    });
    this.allowCallers(props);

    const services = [...(props.services ?? INSTANCE_SERVICES)].sort();
    this.endpoints = Object.fromEntries(services.map((service) => [service, this.endpoint(service, props)]));
  }

  private endpoint(service: string, props: InterfaceEndpointsProps): VpcEndpoint {
    const name = service.replaceAll(".", "-");
    // The full name differs between partitions and services, so it is looked up.
    const { serviceName, friendlyUniqueId } = new DataAwsVpcEndpointService(this, `${name}-service`, {
      service,
      serviceType: "Interface",
    });
    const missing = `setsubtract(${props.zoneNames}, data.aws_vpc_endpoint_service.${friendlyUniqueId}.availability_zones)`;
    return new VpcEndpoint(this, name, {
      vpcId: props.vpcId,
      vpcEndpointType: "Interface",
      serviceName,
      subnetIds: props.subnetIds,
      securityGroupIds: [this.securityGroup.id],
      privateDnsEnabled: true,
      tags: { Name: `${props.name}-${name}` },
      lifecycle:
        props.zoneNames === undefined
          ? undefined
          : {
              precondition: [
                {
                  condition: `\${length(${missing}) == 0}`,
                  errorMessage: `AWS has no endpoint of ${service} in \${join(", ", sort(${missing}))}, where instances need one. Name zones that have it, or use NAT gateways.`,
                },
              ],
            },
    });
  }

  private allowCallers({ allowedCidr, allowedSecurityGroups = {} }: InterfaceEndpointsProps): void {
    const groups = Object.entries(allowedSecurityGroups);
    if (allowedCidr === undefined && groups.length === 0) {
      throw new Error(
        `${this.node.path}: set allowedCidr or allowedSecurityGroups; without either nobody may call the endpoints`,
      );
    }
    if (allowedCidr !== undefined) {
      this.allowHttps("from-cidr", "HTTPS from the network", { cidrIpv4: allowedCidr });
    }
    for (const [whose, referencedSecurityGroupId] of groups) {
      this.allowHttps(`from-${whose}`, `HTTPS from ${whose}`, { referencedSecurityGroupId });
    }
  }

  private allowHttps(
    id: string,
    description: string,
    source: { cidrIpv4: string } | { referencedSecurityGroupId: string },
  ): void {
    new VpcSecurityGroupIngressRule(this, id, {
      ...source,
      securityGroupId: this.securityGroup.id,
      description,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
  }
}
