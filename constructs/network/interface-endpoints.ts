import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

/**
 * The services an instance calls, and so needs endpoints for where it has no other way out. S3 is not among them: it has
 * a gateway endpoint, which costs nothing. Nor has every source an endpoint: Docker Hub, `public.ecr.aws` and
 * Hugging Face have none, so that images must lie in Amazon ECR and weights in S3.
 *
 * `ec2messages` is not needed either: SSM Agent 3.3.40 and later uses `ssmmessages` (Systems Manager user guide,
 * "ec2messages, ssmmessages, and other API operations"), and newer regions have no such service.
 */
export const INSTANCE_SERVICES: readonly string[] = [
  "autoscaling", // completes the lifecycle hooks, and reports an instance whose GPU is broken
  "ecr.api", // signs in to the registry
  "ecr.dkr", // speaks the registry's protocol; the layers themselves come from S3
  "elasticloadbalancing", // takes a Spot instance out of its target group when EC2 takes it back
  "logs", // the logs of the instance, and the metrics that travel as log events
  "monitoring", // the metrics of GPUs and disks
  "secretsmanager", // tokens a model server is started with
  "ssm", // registers the instance with Systems Manager, and reads parameters
  "ssmmessages", // Session Manager and Run Command: the only way in, as no instance has SSH open
  "sts", // who the instance is, and roles it takes
];

/** Props of {@link InterfaceEndpoints}. */
export interface InterfaceEndpointsProps {
  /** Begins the `Name` tags, e.g. `chat-prod`. */
  readonly name: string;
  /** The VPC. Its DNS support and DNS hostnames must be on, for the services' usual names to lead here. */
  readonly vpcId: string;
  /** Where the endpoints stand: one subnet in each zone that has instances, so that a zone's loss cuts off no other. */
  readonly subnetIds: string[];
  /**
   * IPv4 block whose addresses may call, such as the VPC's.
   * @default none
   */
  readonly allowedCidr?: string;
  /**
   * Ids of security groups whose members may call, by a word for whose they are, e.g. `instances`.
   * @default none
   */
  readonly allowedSecurityGroups?: { readonly [whose: string]: string };
  /**
   * Short names of the services, as in `com.amazonaws.<region>.<service>`. Terraform refuses one the region lacks.
   * @default {@link INSTANCE_SERVICES}
   */
  readonly services?: readonly string[];
}

/**
 * A way from private subnets to AWS services that does not pass the internet. The usual names of the services
 * resolve to it, so that callers need no change.
 *
 * Instances that have no other way out should not start before the endpoints stand: let them depend on
 * {@link InterfaceEndpoints.endpoints}.
 *
 * Source: VPC user guide (AWS PrivateLink), "Access an AWS service using an interface VPC endpoint".
 */
export class InterfaceEndpoints extends Construct {
  /** The endpoints, by service. */
  public readonly endpoints: Readonly<Record<string, VpcEndpoint>>;
  /** Guards them all. */
  public readonly securityGroup: SecurityGroup;

  /** @throws Error when nobody may call, or when a service is given twice */
  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, "security-group", {
      namePrefix: `${props.name}-endpoints-`,
      description: "Interface endpoints of AWS services",
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-endpoints` },
      lifecycle: { createBeforeDestroy: true },
    });
    this.admit(props);

    const services = [...(props.services ?? INSTANCE_SERVICES)].sort();
    this.endpoints = Object.fromEntries(services.map((service) => [service, this.endpoint(service, props)]));
  }

  private endpoint(service: string, { name, vpcId, subnetIds }: InterfaceEndpointsProps): VpcEndpoint {
    const word = service.replaceAll(".", "-");
    // The full name differs between partitions and services; AWS knows it.
    const { serviceName } = new DataAwsVpcEndpointService(this, `${word}-service`, {
      service,
      serviceType: "Interface",
    });
    return new VpcEndpoint(this, word, {
      vpcId,
      vpcEndpointType: "Interface",
      serviceName,
      subnetIds,
      securityGroupIds: [this.securityGroup.id],
      privateDnsEnabled: true,
      tags: { Name: `${name}-${word}` },
    });
  }

  private admit({ allowedCidr, allowedSecurityGroups = {} }: InterfaceEndpointsProps): void {
    const groups = Object.entries(allowedSecurityGroups);
    if (allowedCidr === undefined && groups.length === 0) {
      throw new Error(
        `${this.node.path}: set allowedCidr or allowedSecurityGroups, or nobody may call the endpoints`,
      );
    }
    if (allowedCidr !== undefined) {
      this.admitHttps("from-cidr", "HTTPS from the network", { cidrIpv4: allowedCidr });
    }
    for (const [whose, referencedSecurityGroupId] of groups) {
      this.admitHttps(`from-${whose}`, `HTTPS from ${whose}`, { referencedSecurityGroupId });
    }
  }

  private admitHttps(
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
