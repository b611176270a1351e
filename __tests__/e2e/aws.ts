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
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import {
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";

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
    bucket: async (Bucket: string) => ({
      versioning: (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status,
      encryption: (await s3.send(new GetBucketEncryptionCommand({ Bucket })))
        .ServerSideEncryptionConfiguration,
      publicAccess: (await s3.send(new GetPublicAccessBlockCommand({ Bucket })))
        .PublicAccessBlockConfiguration,
    }),
    objects: async (Bucket: string) =>
      ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key),
    /** ARNs of all that carries the tag of a deployment, but for boxes, which AWS tells of for a while after they are gone. */
    tagged: async (deployment: string) => {
      const TagFilters = [{ Key: "deployment", Values: [deployment] }];
      const { ResourceTagMappingList = [] } = await tagging.send(new GetResourcesCommand({ TagFilters }));
      return ResourceTagMappingList.map(({ ResourceARN = "" }) => ResourceARN).filter(
        (arn) => !arn.includes(":instance/"),
      );
    },
  };
}

function attributes(
  list: readonly { readonly Key?: string; readonly Value?: string }[] | undefined,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value }) => [Key, Value]));
}
