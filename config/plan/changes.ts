import type { Region } from "./deployment";
import { networkIdentity } from "./network";

/**
 * How a change reaches what runs.
 *
 * - `one apply`: deploy it. What is replaced is replaced with the new one first, and clients notice nothing.
 * - `steps`: deployed at once it interrupts something. The steps avoid that.
 * - `refused`: AWS would stop the deploy halfway, or requests would fail. So the plan refuses it, and names the steps.
 */
export type Way = "one apply" | "steps" | "refused";

/** What a change of some fields of serving.yaml does to a deployment that runs. */
export interface Change {
  /** Distinguishes the changes; with `remembers` also part of an address in the Terraform state. */
  readonly id: string;
  /**
   * The fields, as in docs/reference.md, with `*` for a name that the file chooses. A field of `entry`, `observability`
   * or `tags` is meant under `regions.*` too, a field of a model also under its regions and variants. A path that ends
   * in `*` may stand for the entry itself: `models.*`.
   */
  readonly fields: readonly string[];
  /** The change, e.g. `true → false`. */
  readonly change: string;
  /** What AWS and Terraform do, in whole sentences. */
  readonly aws: string;
  readonly way: Way;
  /** What to do instead of, or beside, a deploy: whole sentences, in order. Empty with `one apply`. */
  readonly steps: readonly string[];
  /** Where that is documented. */
  readonly source: string;
  /**
   * The value that the stack of a region stores at its first deploy, and compares at every plan. Only with `refused`.
   *
   * @returns undefined when the region has no such value
   */
  readonly remembers?: (region: Region) => string | undefined;
}

/** Builds a region anew beside what serves. */
const BUILD_ANEW: readonly string[] = [
  'With a global endpoint and another region, remove the region and add it again with the new value (docs/regions.md, "Remove a region" and "Add a region").',
  'With a single region, deploy a copy of the file with the new value, another name, another state bucket and another domain, move the clients there, and destroy the old deployment (docs/operations.md, "Another name").',
];

const ELB = "ELB user guide";
const ELB_API = "ELB API reference";
const ASG = "Auto Scaling user guide";
const EC2_API = "EC2 API reference";
const REFERENCE = "Terraform AWS provider";

/** All changes that are more than a call or two. */
export const CHANGES: readonly Change[] = [
  {
    id: "name",
    fields: ["name"],
    change: "another name",
    aws: "Nearly every name in AWS begins with it, so everything is built anew.",
    way: "refused",
    steps: [
      "Deploy a copy of the file with the new name, another state bucket and another domain, move the clients there, and destroy the old deployment.",
      'Or, with a gap of the load time, have Terraform replace the stored name (docs/operations.md, "Another name").',
    ],
    source: `${REFERENCE}, arguments "name" that force a new resource`,
  },
  {
    id: "scheme",
    fields: ["entry.scheme"],
    change: "internet-facing ↔ internal",
    aws: "It is another load balancer. The target groups cannot forward from both: a target group belongs to one load balancer only, and AWS stops the deploy with TargetGroupAssociationLimit.",
    way: "refused",
    steps: BUILD_ANEW,
    source: `${ELB}, "Target groups for your Application Load Balancers"; ${ELB_API}, CreateLoadBalancer and CreateRule`,
    remembers: ({ entry }) => entry.scheme,
  },
  {
    id: "network",
    fields: [
      "regions.*.network.create.cidr",
      "regions.*.network.existing.vpcId",
      "regions.*.network.create",
      "regions.*.network.existing",
    ],
    change: "another VPC",
    aws: "Load balancer, target groups, security groups and instances lie in one VPC and cannot move. A new NAT gateway is made before the old one gives back its address, and AWS stops the deploy with Resource.AlreadyAssociated; instances of the old VPC cannot register with target groups of the new one.",
    way: "refused",
    steps: BUILD_ANEW,
    source: `VPC user guide, "VPC CIDR blocks" (the primary block cannot change) and "NAT gateway basics" (an address is in one gateway); hashicorp/terraform-provider-aws issue 26167; ${ELB}, "Register targets" (the same VPC)`,
    remembers: ({ network }) => networkIdentity(network),
  },
  {
    id: "zone-naming",
    fields: ["regions.*.network.create.zones"],
    change: "a number ↔ names",
    aws: "Every subnet is another one with a range that overlaps an old one, and AWS stops the deploy with InvalidSubnet.Conflict: the zones of a number lie where the account has them, and their ranges do not depend on the names.",
    way: "refused",
    steps: BUILD_ANEW,
    source: `${EC2_API}, CreateSubnet ("The CIDR block of a subnet can't overlap with the CIDR block of an existing subnet in the VPC")`,
    remembers: ({ network }) =>
      network.kind === "created"
        ? typeof network.zones === "number"
          ? "a number of zones"
          : "zones by name"
        : undefined,
  },
  {
    id: "zone-left",
    fields: [
      "regions.*.network.create.zones",
      "regions.*.network.existing.albSubnetIds",
      "regions.*.network.existing.albSubnetTags.*",
    ],
    change: "a zone less",
    aws: "The load balancer sends nothing more to instances in a zone that it leaves, before others have taken their place. Their NAT gateway goes too, and AWS keeps the subnet until the last of them has ended, while Terraform gives up after 20 minutes.",
    way: "refused",
    steps: [
      'First take the instances out of the zone: in a network made here with the commands under docs/operations.md, "A zone less"; in an existing one by a deploy without the zone\'s subnet among those of the instances.',
      "Wait until no instance runs there.",
      "Then deploy.",
    ],
    source: `${ELB}, "Target groups for your Application Load Balancers" (only targets in a zone that is enabled); ${EC2_API}, DeleteSubnet; ${ASG}, "Add and remove Availability Zones"; ${REFERENCE}, aws_subnet, timeouts`,
  },
  {
    id: "zone-more",
    fields: [
      "regions.*.network.create.zones",
      "regions.*.network.existing.albSubnetIds",
      "regions.*.network.existing.albSubnetTags.*",
      "regions.*.network.existing.instanceSubnetIds",
      "regions.*.network.existing.instanceSubnetTags.*",
      "regions.*.network.existing.zones",
    ],
    change: "a zone more, or another subnet of a zone",
    aws: "SetSubnets and UpdateAutoScalingGroup change the load balancer and the groups. Auto Scaling then balances the zones: it launches before it terminates, unless AZRebalance is suspended. An instance in a subnet that is left stays until it is replaced.",
    way: "one apply",
    steps: [],
    source: `${ELB_API}, SetSubnets; ${ASG}, "Add and remove Availability Zones"`,
  },
  {
    id: "nat",
    fields: ["regions.*.network.create.nat", "regions.*.network.create.endpoints"],
    change: "per-zone → none",
    aws: "The NAT gateways may go before the interface endpoints are there. In between, instances reach neither AWS nor anything else: an instance that starts fails, and the lifecycle of one that ends is not completed.",
    way: "steps",
    steps: [
      "Set `endpoints: true`, and deploy.",
      "Set `nat: none`, and deploy.",
      "The way back is the same: first `nat: per-zone` with `endpoints: true`, then without `endpoints`.",
    ],
    source:
      'VPC user guide, "NAT gateways"; AWS PrivateLink guide, "Access an AWS service using an interface VPC endpoint"',
  },
  {
    id: "public-addresses",
    fields: ["regions.*.network.existing.publicAddresses"],
    change: "true ↔ false",
    aws: "It is a new version of the launch template: an instance refresh replaces the instances, the new one first. The subnets have to fit, or the plan refuses.",
    way: "one apply",
    steps: [],
    source: `${ASG}, "Use an instance refresh"`,
  },
  {
    id: "flow-logs",
    fields: ["regions.*.network.create.flowLogs", "observability"],
    change: "a duration or fields → false",
    aws: "The log groups are deleted with all that is in them. With `observability` an instance refresh replaces the instances.",
    way: "steps",
    steps: ["Export what you want to keep.", "Then deploy."],
    source: "CloudWatch Logs API reference, DeleteLogGroup and CreateExportTask",
  },
  {
    id: "dual-stack",
    fields: ["entry.dualStack"],
    change: "true ↔ false",
    aws: "SetIpAddressType changes the load balancer, and the AAAA records come or go. A VPC made here always has IPv6 ranges, which cost nothing: AWS does not take back a range that something uses. An existing VPC needs them before.",
    way: "one apply",
    steps: [],
    source: `${ELB_API}, SetIpAddressType; ${EC2_API}, DisassociateVpcCidrBlock and DisassociateSubnetCidrBlock ("You must detach or delete all gateways and resources that are associated with the CIDR block")`,
  },
  {
    id: "dual-stack-accelerated",
    fields: ["entry.dualStack"],
    change: "true → false, behind an accelerator",
    aws: "An accelerator with IPv6 takes dual-stack load balancers only, so it has to give up IPv6 first.",
    way: "steps",
    steps: ["`npm run deploy:one global`.", "`npx cdktf deploy '*'`."],
    source:
      'Global Accelerator developer guide, "Endpoints for standard accelerators"; Global Accelerator API reference, UpdateAccelerator',
  },
  {
    id: "log-bucket",
    fields: ["entry.logs.access", "entry.logs.connections", "entry.logs.bucket"],
    change: "off, or to another bucket",
    aws: "The load balancer stops writing to the bucket that was made for it. S3 deletes no bucket that is not empty (BucketNotEmpty), so Terraform forgets the bucket and leaves it to you. The logs in it expire after `logs.retention`.",
    way: "one apply",
    steps: [],
    source: 'S3 API reference, DeleteBucket; Terraform documentation, "Remove a resource from state"',
  },
  {
    id: "domain",
    fields: ["entry.domain"],
    change: "another domain",
    aws: "The new certificate and records come first, but the old names go in the same deploy: clients that still use them find nothing.",
    way: "steps",
    steps: [
      'Deploy a copy of the file with the new domain, another name and another state bucket, move the clients there, and destroy the old deployment (docs/operations.md, "Another name").',
    ],
    source: `Route 53 API reference, ChangeResourceRecordSets; ${ELB_API}, ModifyListener`,
  },
  {
    id: "hosted-zone",
    fields: ["entry.hostedZone", "entry.hostedZoneId"],
    change: "another hosted zone",
    aws: "The records are made in the new zone before those in the old one go.",
    way: "one apply",
    steps: [],
    source: `${REFERENCE}, aws_route53_record, create_before_destroy`,
  },
  {
    id: "protocol",
    fields: ["entry.protocol", "entry.redirectHttp"],
    change: "https ↔ unencrypted-http, or the redirect on or off",
    aws: "The rules are made at the new listener before those at the old one go, and port 80 changes in place. A port that is left refuses connections.",
    way: "one apply",
    steps: [],
    source: `${ELB_API}, CreateListener, CreateRule and ModifyListener`,
  },
  {
    id: "state",
    fields: ["state.bucket", "state.region"],
    change: "another bucket",
    aws: "The states stay in the old bucket, which Terraform refuses to destroy. A deploy with an empty bucket would make everything a second time, under names that are taken.",
    way: "steps",
    steps: [
      "Keep `terraform.<name>.state.tfstate` under another name, and run `npm run bootstrap` for the new bucket.",
      "Copy the states: `aws s3 cp --recursive s3://<old> s3://<new>`.",
      "Delete the folder cdktf.out, and deploy. The plan changes nothing.",
    ],
    source: 'Terraform documentation, "prevent_destroy" and "S3 backend"',
  },
  {
    id: "account",
    fields: ["account.id"],
    change: "another account",
    aws: "The provider and the backend compare the account of the credentials with the id before they do anything, and stop. Nothing that AWS has made moves to another account.",
    way: "steps",
    steps: [
      "Deploy a copy of the file with the other account, another state bucket and another domain, move the clients there, and destroy the old deployment.",
    ],
    source: `${REFERENCE}, allowed_account_ids; Terraform documentation, "S3 backend", allowed_account_ids`,
  },
  {
    id: "callers",
    fields: [
      "entry.callers.jwt.issuer",
      "entry.callers.jwt.jwks",
      "entry.callers.jwt.claims.*.format",
      "entry.callers.jwt.claims.*.values",
      "entry.callers.mtls.bundle",
      "entry.callers.mtls.revocations",
      "entry.callers.oidc.issuer",
      "entry.callers.oidc.authorizationEndpoint",
      "entry.callers.oidc.tokenEndpoint",
      "entry.callers.oidc.userInfoEndpoint",
      "entry.callers.oidc.clientId",
      "entry.callers.oidc.clientSecretInState",
      "entry.callers.oidc.scope",
      "entry.callers.oidc.sessionTimeout",
      "models.*.callers.claims.*.format",
      "models.*.callers.claims.*.values",
    ],
    change: "more is asked of callers",
    aws: "ModifyListener and ModifyRule, rule by rule. From then on a client without the token, the certificate or the sign-in is turned away; for some seconds some rules ask for it and others do not.",
    way: "steps",
    steps: [
      "Have all clients send what will be asked for. Until it is, the load balancer and a server without a key of its own do not look at it.",
      "Then deploy.",
    ],
    source: `${ELB}, "Verify JWTs using an Application Load Balancer" and "Mutual authentication with TLS in Application Load Balancer"; ${ELB_API}, ModifyListener and ModifyRule`,
  },
  {
    id: "web-acl",
    fields: ["entry.webAclArn", "entry.waf"],
    change: "another web ACL",
    aws: "DisassociateWebACL, then AssociateWebACL. For some seconds no web ACL sees the requests, and it may take minutes until the new one sees all.",
    way: "one apply",
    steps: [],
    source:
      'WAF developer guide, "Associating or disassociating protection with an AWS resource"; AWS WAF API reference, AssociateWebACL',
  },
  {
    id: "role-path",
    fields: ["account.rolePath"],
    change: "another path",
    aws: "IAM moves no role to another path. New roles, policies and instance profiles are made first; the launch templates get new versions, and an instance refresh replaces the instances. Flow logs pause for some seconds.",
    way: "one apply",
    steps: [],
    source: `IAM API reference, CreateRole (UpdateRole has no path); ${ASG}, "Use an instance refresh"`,
  },
  {
    id: "region",
    fields: ["regions.*"],
    change: "a region more, or less",
    aws: "It is a stack of its own. A stack that is no longer in the file goes on running, and no deploy changes it.",
    way: "steps",
    steps: ['docs/regions.md, "Add a region" and "Remove a region".'],
    source: "docs/regions.md",
  },
  {
    id: "model",
    fields: ["models.*", "models.*.variants.*"],
    change: "a model or variant more, less, or under another name",
    aws: "A new one is made beside the others. One that is left out is deleted at once with its instances: first its rules, then its group, whose instances drain, then its target group.",
    way: "steps",
    steps: [
      'A model of the global endpoint: docs/regions.md, "Remove a model".',
      'A variant: move its weight away first (docs/operations.md, "Roll out by weights").',
      "Another name: add the new one, move the clients or the weight, and remove the old one.",
    ],
    source: `${ELB}, "Edit target group attributes" (deregistration delay); ${ASG}, "Delete your Auto Scaling infrastructure"`,
  },
  {
    id: "target-group",
    fields: [
      "models.*.port",
      "models.*.protocol",
      "models.*.targetTls",
      "models.*.server",
      "models.*.targetOptimizer",
      "models.*.targetOptimizer.port",
      "models.*.targetOptimizer.controlPort",
    ],
    change: "another value, or `targetOptimizer` more or less",
    aws: "It is another target group; of `server` if the port differs. The new one is made first, but the instances that run fail its health check until a refresh has replaced them.",
    way: "steps",
    steps: [
      'Declare a second model with a route of its own, move the clients to it, and remove the first (docs/operations.md, "Another port or protocol").',
    ],
    source: `${ELB_API}, CreateTargetGroup (port, protocol and protocol version cannot change)`,
  },
  {
    id: "health-check",
    fields: ["models.*.health.path", "models.*.health.port", "models.*.health.matcher"],
    change: "another value",
    aws: "ModifyTargetGroup applies it to the instances that run, at once. Those that do not answer it are unhealthy, and the group replaces them.",
    way: "steps",
    steps: [
      "Deploy the image or the arguments that answer the old and the new health check, and wait for the refresh.",
      "Then change the health check.",
    ],
    source: `${ELB_API}, ModifyTargetGroup; ${ASG}, "Health checks for instances in an Auto Scaling group"`,
  },
  {
    id: "new-instances",
    fields: [
      "tags.*",
      "observability",
      "models.*.image",
      "models.*.run",
      "models.*.command",
      "models.*.sharedMemory",
      "models.*.stopSignal",
      "models.*.init",
      "models.*.instanceTypes",
      "models.*.model",
      "models.*.revision",
      "models.*.registry.server",
      "models.*.registry.user",
      "models.*.registry.secret",
      "models.*.apiKey",
      "models.*.task",
      "models.*.arguments",
      "models.*.env.*",
      "models.*.secrets.*",
      "models.*.kmsKeyArns",
      "models.*.reads",
      "models.*.weights.uri",
      "models.*.weights.mirrors",
      "models.*.weights.sha256",
      "models.*.weights.size",
      "models.*.adapters.*",
      "models.*.adapters.*.uri",
      "models.*.adapters.*.mirrors",
      "models.*.adapters.*.sha256",
      "models.*.adapters.*.size",
      "models.*.adapters.*.file",
      "models.*.mounts.*",
      "models.*.mounts.*.size",
      "models.*.files.*",
      "models.*.files.*.text",
      "models.*.memory.config",
      "models.*.memory.config.text",
      "models.*.memory.size",
      "models.*.memory.parameters",
      "models.*.memory.precision",
      "models.*.memory.tensorParallel",
      "models.*.memory.pipelineParallel",
      "models.*.memory.layers",
      "models.*.memory.kvHeads",
      "models.*.memory.headDim",
      "models.*.memory.contextLength",
      "models.*.memory.concurrency",
      "models.*.memory.kvPrecision",
      "models.*.memory.utilization",
      "models.*.instanceRequirements.gpus.min",
      "models.*.instanceRequirements.gpus.max",
      "models.*.instanceRequirements.gpuMemory",
      "models.*.instanceRequirements.vcpus",
      "models.*.instanceRequirements.memory",
      "models.*.ami.id",
      "models.*.ami.parameterVersion",
      "models.*.ami.release",
      "models.*.volume.size",
      "models.*.volume.iops",
      "models.*.volume.throughput",
      "models.*.volume.kmsKeyArn",
      "models.*.targetOptimizer.maxConcurrency",
      "models.*.targetOptimizer.image",
      "models.*.probe.path",
      "models.*.probe.body",
      "models.*.probe.expect",
      "models.*.probe.port",
      "models.*.probe.bearer",
      "models.*.probe.timeout",
      "models.*.gpuWatch",
      "models.*.metrics.port",
      "models.*.metrics.path",
      "models.*.metrics.gauges",
      "models.*.metrics.waiting",
      "models.*.timing.serverDrain",
      "models.*.timing.serverKeepAlive",
      "models.*.spot.share",
      "models.*.spot.onDemandBase",
      "models.*.spot.strategy",
    ],
    change: "another value",
    aws: "It is a new version of the launch template, or another choice of instance types: an instance refresh replaces the instances, the new one first, then the old one drains.",
    way: "one apply",
    steps: [],
    source: `${ASG}, "Use an instance refresh to update instances in an Auto Scaling group"; docs/operations.md, "Roll out in place"`,
  },
  {
    id: "types-elsewhere",
    fields: ["models.*.instanceTypes"],
    change: "types that other zones have",
    aws: "Subnets stay in their zones, whatever the types. When fewer of those zones have the new types than the sizes are based on, the plan stops; it names the zones of the subnets, and those that have the types.",
    way: "steps",
    steps: [
      "List types that the zones of the subnets have, beside the new ones or in their place.",
      "Or use an existing network with subnets in the zones that have them, or build the region anew.",
      ...BUILD_ANEW,
    ],
    source: `${EC2_API}, DescribeInstanceTypeOfferings`,
  },
  {
    id: "capacity-block",
    fields: ["models.*.capacityBlock", "models.*.capacityBlock.id", "models.*.capacityBlock.zone"],
    change: "another block, or `capacityBlock` more or less",
    aws: "The subnets of the group and its launch template change together, and a refresh replaces the instances. As a block is full when it serves, each leaves before its successor starts.",
    way: "steps",
    steps: [
      "Declare a variant with the new block, or without one, and deploy.",
      'Move the weight to it (docs/operations.md, "Roll out by weights").',
      "Remove the old variant, and deploy.",
    ],
    source: `${ASG}, "Use Capacity Blocks for machine learning workloads" and "Use an instance refresh to update instances in an Auto Scaling group"`,
  },
  {
    id: "schedules",
    fields: [
      "models.*.schedules.cron",
      "models.*.schedules.timeZone",
      "models.*.schedules.min",
      "models.*.schedules.max",
      "models.*.schedules.peakRequestsPerMinute",
    ],
    change: "another value, or a schedule more or less; with schedules also the sizes of `capacity`",
    aws: "PutScheduledUpdateGroupAction, or DeleteScheduledAction. The group keeps its sizes until one of its actions runs: with schedules Terraform gives the sizes of `capacity` to a new group only. Without schedules it sets them at once.",
    way: "one apply",
    steps: [],
    source: `Auto Scaling API reference, PutScheduledUpdateGroupAction; ${REFERENCE}, lifecycle, ignore_changes`,
  },
  {
    id: "warm-pool-to-spot",
    fields: ["models.*.warmPool"],
    change: "warmPool less, spot more",
    aws: "Terraform changes the group before it deletes the warm pool, and AWS keeps no warm pool of a group with Spot instances: it stops the deploy.",
    way: "steps",
    steps: ["Leave `warmPool` out, and deploy.", "Then add `spot`, and deploy."],
    source: `${ASG}, "Warm pools", Limitations; ${REFERENCE}, aws_autoscaling_group, order of its update; hashicorp/terraform-provider-aws issue 42437`,
  },
  {
    id: "terminate-hook",
    fields: ["models.*.timing.terminateHook"],
    change: "another value, also as one that is derived",
    aws: "Nothing: a group keeps the hook that it was made with, so that its last instances drain. Instances extend the hook as long as they drain, whatever it says.",
    way: "steps",
    steps: [
      "To change it nonetheless: `aws autoscaling put-lifecycle-hook` with the value that `npm run explain` shows.",
    ],
    source: "Auto Scaling API reference, PutLifecycleHook and RecordLifecycleActionHeartbeat",
  },
  {
    id: "anomaly-mitigation",
    fields: ["models.*.anomalyMitigation"],
    change: "true, and `algorithm` from weighted_random to another",
    aws: "Only weighted_random has it. Terraform changes the algorithm and leaves the attribute as it was. AWS does not say whether it refuses that or turns the attribute off.",
    way: "steps",
    steps: ["Set `anomalyMitigation: false`, and deploy.", "Then change `algorithm`, and deploy."],
    source: `${ELB_API}, TargetGroupAttribute, load_balancing.algorithm.anomaly_mitigation`,
  },
  {
    id: "global-endpoint",
    fields: ["globalEndpoint"],
    change: "fields → none",
    aws: "Its stacks go on running, while the regions give up the certificates for its name.",
    way: "steps",
    steps: ['docs/regions.md, "Remove the global endpoint".'],
    source: "docs/regions.md",
  },
  {
    id: "accelerator",
    fields: ["globalEndpoint.routing"],
    change: "accelerator ↔ records",
    aws: "The name is changed in place to what was made before. The addresses of an accelerator are lost with it: clients that have them instead of the name find nothing.",
    way: "steps",
    steps: [
      'docs/regions.md, "Stop the health requests", and "What an accelerator leaves behind".',
      "Before an accelerator goes, move the clients from its addresses to the name.",
    ],
    source: "Global Accelerator API reference, UpdateAccelerator and DeleteAccelerator; docs/regions.md",
  },
  {
    id: "public-paths",
    fields: ["models.*.publicPaths"],
    change:
      "`every-path-of-the-server` → a list, of the model in `entry.default`; also a deployment from before there were public paths",
    aws: "The listener forwards what no rule takes, and changes first, because rules refer to it: it answers 404 for some seconds, until the rule of the default model is created. Other changes of public paths are ModifyRule, CreateRule and DeleteRule, without an interruption.",
    way: "steps",
    steps: [
      "Add a route with the paths that clients use, such as `{ path: /v1/* }`, to the model, with `publicPaths: every-path-of-the-server`, and deploy.",
      "Remove `publicPaths`, or write the list, and deploy.",
      'Remove the route, and deploy (docs/routing.md, "Close the paths of a running deployment").',
    ],
    source: `${ELB_API}, ModifyListener, CreateRule and ModifyRule; a rule needs the ARN of its listener`,
  },
  {
    id: "records",
    fields: ["globalEndpoint.routing", "globalEndpoint.order", "globalEndpoint.health.interval"],
    change: "another routing by records, order or interval",
    aws: "The new records and health checks are complete before the name points to them, and the old ones go then.",
    way: "one apply",
    steps: [],
    source:
      'Route 53 developer guide, "How Amazon Route 53 chooses records when health checking is configured"; docs/regions.md',
  },
  {
    id: "global-models",
    fields: [
      "globalEndpoint.models",
      "globalEndpoint.minimumHealthyModels",
      "globalEndpoint.health.requests",
    ],
    change: "fewer models, or fewer that are asked",
    aws: "Route 53 would go on asking models that no longer answer it, and take their regions out of service.",
    way: "steps",
    steps: [
      "`npm run deploy:one global`.",
      '`npx cdktf deploy \'*\'` (docs/regions.md, "Remove a model" and "Stop the health requests").',
    ],
    source: "docs/regions.md",
  },
  {
    id: "alarm-email",
    fields: ["alarms.email"],
    change: "another address",
    aws: "It is another subscription. AWS sends nothing to it until it is confirmed.",
    way: "steps",
    steps: ["Deploy, and confirm the subscription of each region and of `global` at once."],
    source: "SNS API reference, Subscribe and ConfirmSubscription",
  },
];

/** A value that a region's stack stores at its first deploy, and the change of it that a plan refuses. */
export interface Remembered {
  readonly change: Change;
  readonly value: string;
}

/** What the stack of a region remembers of itself beside its name. */
export function rememberedOf(region: Region): readonly Remembered[] {
  return CHANGES.flatMap((change) => {
    const value = change.remembers?.(region);
    return value === undefined ? [] : [{ change, value }];
  });
}

/** @throws Error when no change has the id */
export function changeOf(id: string): Change {
  const found = CHANGES.find((change) => change.id === id);
  if (found === undefined) {
    throw new Error(`there is no change "${id}"`);
  }
  return found;
}

/**
 * The sentences of a refusal: what AWS would do, and the steps instead.
 *
 * @param finding what was found, as a sentence
 */
export function refusal({ aws, steps }: Change, finding: string): string {
  return [finding, aws, ...steps, "See docs/changes.md."].join(" ");
}
