import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  DescribePoliciesCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeAddressesCommand,
  DescribeFlowLogsCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeNatGatewaysCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  IAMClient,
  ListInstanceProfilesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import {
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  Route53Client,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Json } from "../support/synthesis";

/** A certificate as ACM lists it. */
interface Certificate {
  readonly CertificateArn: string;
  readonly DomainName: string;
  readonly Status: string;
}

/** Instances and NAT gateways, which are looked at by what they say of themselves. */
const TOLD_WHEN_GONE = /:(instance|natgateway)\//;

/** A region as AWS tells of it, without asking Terraform. */
export type Eyes = ReturnType<typeof lookAt>;

/** What a client of the AWS SDK needs to reach the emulator. */
export function accessTo(endpoint: string, region: string) {
  return { endpoint, region, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

/** Looks at a region through the AWS SDK. */
export function lookAt(endpoint: string, region: string) {
  const config = accessTo(endpoint, region);
  const elb = new ElasticLoadBalancingV2Client(config);
  const scaling = new AutoScalingClient(config);
  const ec2 = new EC2Client(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const iam = new IAMClient(config);
  const route53 = new Route53Client(config);
  const tagging = new ResourceGroupsTaggingAPIClient(config);

  const loadBalancers = async () => (await elb.send(new DescribeLoadBalancersCommand())).LoadBalancers ?? [];
  const targetGroups = async () => (await elb.send(new DescribeTargetGroupsCommand())).TargetGroups ?? [];
  const launchTemplates = async () =>
    (await ec2.send(new DescribeLaunchTemplatesCommand())).LaunchTemplates ?? [];
  const groups = async () =>
    (await scaling.send(new DescribeAutoScalingGroupsCommand())).AutoScalingGroups ?? [];

  return {
    loadBalancers,
    loadBalancerAttributes: async (LoadBalancerArn: string | undefined) =>
      attributes((await elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }))).Attributes),
    listeners: async (LoadBalancerArn: string | undefined) =>
      (await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners ?? [],
    /** ARNs of the certificates that a listener shows. */
    shownCertificates: async (ListenerArn: string | undefined) =>
      ((await elb.send(new DescribeListenerCertificatesCommand({ ListenerArn }))).Certificates ?? []).map(
        ({ CertificateArn }) => CertificateArn,
      ),
    certificates: async (): Promise<readonly Certificate[]> =>
      (await ask(endpoint, region, "acm", "CertificateManager.ListCertificates")).CertificateSummaryList ??
      [],
    rules: async (ListenerArn: string | undefined) =>
      (await elb.send(new DescribeRulesCommand({ ListenerArn }))).Rules ?? [],
    targetGroups,
    targetGroupAttributes: async (TargetGroupArn: string | undefined) =>
      attributes((await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }))).Attributes),
    targets: async (TargetGroupArn: string | undefined) =>
      (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ?? [],
    groups,
    policies: async () => (await scaling.send(new DescribePoliciesCommand())).ScalingPolicies ?? [],
    launchTemplates,
    launchTemplateVersion: async (LaunchTemplateId: string | undefined, version: string) =>
      (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version] })))
        .LaunchTemplateVersions?.[0]?.LaunchTemplateData,
    instances: async () =>
      ((await ec2.send(new DescribeInstancesCommand())).Reservations ?? [])
        .flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name !== "terminated"),
    vpcs: async () => (await ec2.send(new DescribeVpcsCommand())).Vpcs ?? [],
    natGateways: async () =>
      ((await ec2.send(new DescribeNatGatewaysCommand())).NatGateways ?? []).filter(
        ({ State }) => State !== "deleted",
      ),
    addresses: async () => (await ec2.send(new DescribeAddressesCommand())).Addresses ?? [],
    endpoints: async () =>
      ((await ec2.send(new DescribeVpcEndpointsCommand())).VpcEndpoints ?? []).filter(
        ({ State }) => State?.toLowerCase() !== "deleted",
      ),
    flowLogs: async () => (await ec2.send(new DescribeFlowLogsCommand())).FlowLogs ?? [],
    subnets: async () => (await ec2.send(new DescribeSubnetsCommand())).Subnets ?? [],
    securityGroups: async () => (await ec2.send(new DescribeSecurityGroupsCommand())).SecurityGroups ?? [],
    roles: async () => (await iam.send(new ListRolesCommand())).Roles ?? [],
    /** Those of the account's own. */
    iamPolicies: async () => (await iam.send(new ListPoliciesCommand({ Scope: "Local" }))).Policies ?? [],
    instanceProfiles: async () => (await iam.send(new ListInstanceProfilesCommand())).InstanceProfiles ?? [],
    /** The records of a hosted zone, but for those it was made with. */
    records: async (HostedZoneId: string) =>
      (
        (await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }))).ResourceRecordSets ?? []
      ).filter(({ Type }) => Type !== "NS" && Type !== "SOA"),
    healthChecks: async () => (await route53.send(new ListHealthChecksCommand())).HealthChecks ?? [],
    healthCheckTags: async (ResourceId: string) => {
      const wanted = { ResourceType: "healthcheck", ResourceId } as const;
      const { ResourceTagSet } = await route53.send(new ListTagsForResourceCommand(wanted));
      return attributes(ResourceTagSet?.Tags);
    },
    bucket: async (Bucket: string) => ({
      versioning: (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status,
      encryption: (await s3.send(new GetBucketEncryptionCommand({ Bucket })))
        .ServerSideEncryptionConfiguration,
      publicAccess: (await s3.send(new GetPublicAccessBlockCommand({ Bucket })))
        .PublicAccessBlockConfiguration,
    }),
    objects: async (Bucket: string) =>
      ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key),
    /** ARNs of all that carries the tag of a deployment, but for what AWS tells of for a while after it is gone. */
    tagged: async (deployment: string) => {
      const wanted = { TagFilters: [{ Key: "deployment", Values: [deployment] }] };
      const arns: string[] = [];
      for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client: tagging }, wanted)) {
        for (const { ResourceARN: arn = "" } of ResourceTagMappingList) {
          if (
            !TOLD_WHEN_GONE.test(arn) &&
            !(arn.includes(":key/") && (await isKeyDoomed(endpoint, region, arn)))
          ) {
            arns.push(arn);
          }
        }
      }
      return arns;
    },
  };
}

async function isKeyDoomed(endpoint: string, region: string, KeyId: string): Promise<boolean> {
  const { KeyMetadata } = await ask(endpoint, region, "kms", "TrentService.DescribeKey", { KeyId });
  return KeyMetadata?.KeyState === "PendingDeletion";
}

/** Asks one of the services for which a single question is no reason to depend on a client of the SDK. */
async function ask(
  endpoint: string,
  region: string,
  service: string,
  target: string,
  parameters: object = {},
): Promise<Json> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      // The emulator reads the region in it, and checks no signature.
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(parameters),
  });
  if (!answer.ok) {
    throw new Error(`${target}: ${await answer.text()}`);
  }
  return answer.json();
}

/** What somebody does by hand whose region has to be taken out of the global endpoint at once. */
export async function wantHealthyChildren(
  endpoint: string,
  HealthCheckId: string,
  HealthThreshold: number,
): Promise<void> {
  const route53 = new Route53Client(accessTo(endpoint, "us-east-1"));
  await route53.send(new UpdateHealthCheckCommand({ HealthCheckId, HealthThreshold }));
}

function attributes(
  list: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value }) => [Key, Value]));
}
