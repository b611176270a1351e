import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { ARN_FORMS } from "../../aws/arn";
import { parseEcrImage } from "../../aws/ecr-image";
import {
  AUTO_SCALING_GROUP_NAME,
  LOG_GROUP_NAME,
  MANAGED_POLICY,
  METRICS_NAMESPACE,
  POLICIES_PER_ROLE,
  ROLE_NAME,
} from "../../aws/limits";
import { prefixOf } from "../name-prefix";
import { requireArns, requireText, requireWithin } from "../require-within";
import { requireBucketName } from "../storage/bucket-name";

/** Limit of `namePrefix`. The name of the role has the lowest maximum; policies and instance profiles allow more. */
export const ROLE_NAME_PREFIX = prefixOf(ROLE_NAME, "-".length);

/** One prefix of an S3 bucket. */
export interface S3Prefix {
  /** Name of the bucket, not its ARN. */
  readonly bucket: string;

  /**
   * The prefix of the keys, without a leading slash, e.g. `llama-3/`. Empty means the whole bucket.
   * `*`, `?` and `$` are refused: IAM treats them as patterns and would grant more than the prefix.
   */
  readonly prefix: string;
}

/** Props of {@link InstanceRole}. */
export interface InstanceRoleProps {
  /**
   * The prefix of the names of the role, its policy and its instance profile: 1 to 37 letters, digits and `+=,.@_-`. A
   * hyphen and a unique ending are added.
   */
  readonly namePrefix: string;

  /**
   * Name of the Auto Scaling group of the instance. The instance may complete the lifecycle actions of this group only.
   * Give the plain name, not a reference: the group needs the launch template, which needs this role.
   */
  readonly autoScalingGroupName: string;

  /**
   * The container images the instance pulls. It may pull from their private Amazon ECR repositories
   * (`123456789012.dkr.ecr.eu-west-1.amazonaws.com/name:tag`), and from no others. Images of other registries need no
   * permission from AWS and add none. A pull-through cache may fetch them first, and make the repository.
   *
   * @default none
   */
  readonly pulledImages?: readonly string[];

  /**
   * S3 prefixes the instance may list and read, for example that of the weights.
   *
   * @default none
   */
  readonly readableS3Prefixes?: readonly S3Prefix[];

  /**
   * Complete ARNs of the Secrets Manager secrets the instance may read.
   *
   * @default none
   */
  readonly secretArns?: readonly string[];

  /**
   * Complete ARNs of the Systems Manager parameters the instance may read.
   *
   * @default none
   */
  readonly parameterArns?: readonly string[];

  /**
   * ARNs of the DynamoDB tables the instance may read, with their indexes.
   *
   * @default none
   */
  readonly readableTableArns?: readonly string[];

  /**
   * ARNs of the customer managed KMS keys that encrypt those secrets, tables and S3 objects. The instance may decrypt with
   * them, if it may read any. AWS managed keys need no permission here.
   *
   * @default none
   */
  readonly kmsKeyArns?: readonly string[];

  /**
   * Whether the instance may describe Auto Scaling groups and mark the instances of its own group unhealthy. AWS grants
   * this for a group, not for a single instance.
   *
   * @default false
   */
  readonly marksUnhealthy?: boolean;

  /**
   * ARNs of the target groups from which the instance may deregister targets, for itself before a Spot interruption. It
   * may then also describe Auto Scaling groups. AWS grants this for a target group, not for a single target.
   *
   * @default none
   */
  readonly leavesTargetGroups?: readonly string[];

  /**
   * Names of the CloudWatch log groups, in its region, to which the instance may write. It may create streams in them,
   * but no groups.
   *
   * @default none
   */
  readonly writableLogGroups?: readonly string[];

  /**
   * The CloudWatch namespace in which the instance may publish metrics.
   *
   * @default none
   */
  readonly metricsNamespace?: string;

  /**
   * Whether people with permission may open a shell on the instance with Session Manager. It needs neither an open port
   * nor an SSH key.
   *
   * @default true
   */
  readonly sessionManager?: boolean;

  /**
   * Tags of the role, its policy and its instance profile.
   *
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: {
    readonly [operator in "StringLike" | "StringEquals"]?: { readonly [key: string]: readonly string[] };
  };
}

/**
 * The permissions of an instance that serves a model: an IAM role, policies that grant exactly what the props list, and the instance
 * profile of the role.
 *
 * One policy is enough until it is longer than IAM allows. The policies are managed ones, written as JSON, so that a plan shows all of one when it changes.
 *
 * @example
 * const role = new InstanceRole(this, "role", {
 *   namePrefix: "chat-llama-3-main",
 *   autoScalingGroupName: "chat.llama-3.main",
 *   readableS3Prefixes: [{ bucket: "acme-models", prefix: "llama-3/" }],
 * });
 */
export class InstanceRole extends Construct {
  /** The role, to which more policies can be attached. */
  public readonly role: IamRole;
  /** The instance profile. */
  public readonly instanceProfile: IamInstanceProfile;
  /** ARN of the instance profile, for a launch template. */
  public readonly instanceProfileArn: string;

  /**
   * @throws Error when IAM would refuse the name prefix, an image is a token, or an S3 prefix would grant more than
   *   itself
   */
  constructor(scope: Construct, id: string, props: InstanceRoleProps) {
    super(scope, id);
    requireText("namePrefix", props.namePrefix, ROLE_NAME_PREFIX);
    requireText("autoScalingGroupName", props.autoScalingGroupName, AUTO_SCALING_GROUP_NAME);
    requireArns("secretArns", props.secretArns, ARN_FORMS.secret);
    requireArns("parameterArns", props.parameterArns, ARN_FORMS.parameter);
    requireArns("readableTableArns", props.readableTableArns, ARN_FORMS.table);
    requireArns("kmsKeyArns", props.kmsKeyArns, ARN_FORMS.key);
    requireArns("leavesTargetGroups", props.leavesTargetGroups, ARN_FORMS.targetGroup);
    for (const name of props.writableLogGroups ?? []) {
      requireText("a name of writableLogGroups", name, LOG_GROUP_NAME);
    }
    if (props.metricsNamespace !== undefined) {
      requireText("metricsNamespace", props.metricsNamespace, METRICS_NAMESPACE);
    }
    for (const { bucket } of props.readableS3Prefixes ?? []) {
      requireBucketName("bucket of readableS3Prefixes", bucket);
    }
    const named = {
      namePrefix: `${props.namePrefix}-`,
      tags: props.tags,
      lifecycle: { createBeforeDestroy: true },
    };
    // Each is read once: ARNs that begin with the same reference are then sorted by the rest of the ARN.
    const { partition, dnsSuffix } = new DataAwsPartition(this, "partition");
    const region = new DataAwsRegion(this, "region").id;
    const account = new DataAwsCallerIdentity(this, "account").accountId;
    const here = (service: string, resource: string) =>
      `arn:${partition}:${service}:${region}:${account}:${resource}`;
    // The ARN holds a random id that does not exist before the group.
    const groupArn = here(
      "autoscaling",
      `autoScalingGroup:*:autoScalingGroupName/${props.autoScalingGroupName}`,
    );
    // No ARN of a policy can say "the instance that asks", whose id does not exist yet.
    const anInstance = here("ec2", "instance/*");
    const sessions = props.sessionManager ?? true;

    const leaves = props.leavesTargetGroups ?? [];
    // AWS accepts no narrower resource than * for this (Service Authorization Reference, Amazon EC2 Auto Scaling).
    const describesGroups = props.marksUnhealthy === true || leaves.length > 0;

    const { readableS3Prefixes, secretArns, parameterArns, readableTableArns: tables = [] } = props;
    const readsEncrypted = [readableS3Prefixes, secretArns, parameterArns, tables].some(
      (read) => (read ?? []).length > 0,
    );

    this.role = new IamRole(this, "Resource", {
      ...named,
      description: `What the instances of ${props.autoScalingGroupName} may do`,
      // In China the service principal of EC2 ends in amazonaws.com.cn.
      assumeRolePolicy: assumedBy(`ec2.${dnsSuffix}`),
    });
    const statements = [
      ...allow("CompleteOwnLifecycleActions", LIFECYCLE_ACTIONS, [groupArn]),
      ...allow("MarkUnhealthy", ["autoscaling:SetInstanceHealth"], props.marksUnhealthy ? [groupArn] : []),
      ...allow("LeaveTargetGroups", ["elasticloadbalancing:DeregisterTargets"], leaves),
      ...allow("LookAtGroups", ["autoscaling:DescribeAutoScalingGroups"], describesGroups ? ["*"] : []),
      ...pullsImages(props.pulledImages ?? [], partition),
      ...readsS3(props.readableS3Prefixes ?? [], partition),
      ...allow("ReadSecrets", ["secretsmanager:GetSecretValue"], props.secretArns ?? []),
      ...allow("ReadParameters", ["ssm:GetParameter"], props.parameterArns ?? []),
      ...allow(
        "ReadTables",
        TABLE_ACTIONS,
        tables.flatMap((arn) => [arn, `${arn}/index/*`]),
      ),
      ...allow("Decrypt", ["kms:Decrypt"], readsEncrypted ? (props.kmsKeyArns ?? []) : []),
      ...allow(
        "WriteLogs",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        (props.writableLogGroups ?? []).map((name) => here("logs", `log-group:${name}:*`)),
      ),
      ...publishesMetrics(props.metricsNamespace),
      ...allow("ReportToSystemsManager", ["ssm:UpdateInstanceInformation"], sessions ? [anInstance] : []),
      ...allow("SessionManager", SESSION_MANAGER_ACTIONS, sessions ? ["*"] : []),
    ];
    // A token is longer or shorter than what it stands for.
    const lengthOf = (text: string) =>
      text
        .replaceAll(partition, LONGEST.partition)
        .replaceAll(region, LONGEST.region)
        .replaceAll(account, LONGEST.account)
        .replaceAll(/\$\{TfToken\[[^\]]*\]\}/g, LONGEST.arn).length;
    const documents = policyDocuments(statements, lengthOf);
    requireWithin("number of managed policies that the role needs", documents.length, {
      min: 1,
      ...POLICIES_PER_ROLE,
    });
    const attachments = documents.map((document, index) => {
      const more = index === 0 ? "" : `-${index + 1}`;
      const policy = new IamPolicy(this, `policy${more}`, {
        ...named,
        description: `What the instances of ${props.autoScalingGroupName} need, and no more`,
        policy: document,
      });
      return new IamRolePolicyAttachment(this, `needs${more}`, {
        role: this.role.name,
        policyArn: policy.arn,
      });
    });

    this.instanceProfile = new IamInstanceProfile(this, "profile", {
      ...named,
      role: this.role.name,
      // An instance then has its permissions from its start until its termination hook is completed.
      dependsOn: attachments,
    });
    this.instanceProfileArn = this.instanceProfile.arn;
  }
}

/**
 * The actions that the Systems Manager agent needs for sessions, beside the report of its instance. AWS grants them on all
 * resources or none. The AWS managed policy AmazonSSMManagedInstanceCore grants more: with it an instance could read every
 * parameter of the account. Sources: Systems Manager user guide, "Add Session Manager permissions to an existing IAM role";
 * Service Authorization Reference, AWS Systems Manager and Amazon Message Gateway Service.
 */
const SESSION_MANAGER_ACTIONS = [
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** Source: Service Authorization Reference, Amazon DynamoDB, access level Read of tables and indexes, for their items. */
const TABLE_ACTIONS = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DescribeTable",
  "dynamodb:GetItem",
  "dynamodb:Query",
  "dynamodb:Scan",
];

/** The longest texts that references in a policy stand for. */
const LONGEST = {
  partition: "aws-us-gov",
  region: "ap-northeast-1",
  account: "123456789012",
  arn: `arn:aws-us-gov:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/${"n".repeat(32)}/${"0".repeat(16)}`,
} as const;

/**
 * The statements as the texts of as few managed policies as hold them. A statement that is too long for the rest of one
 * is divided by its resources.
 */
function policyDocuments(
  statements: readonly Statement[],
  lengthOf: (text: string) => number,
): readonly string[] {
  const text = (parts: readonly Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement: parts });
  const documents: Statement[][] = [[]];
  for (const statement of statements) {
    for (const resource of statement.Resource) {
      const last = documents.at(-1) ?? [];
      const open = last.at(-1);
      const continued =
        open !== undefined && open.Sid === statement.Sid && open.Action === statement.Action
          ? [...last.slice(0, -1), { ...open, Resource: [...open.Resource, resource] }]
          : [...last, { ...statement, Resource: [resource] }];
      if (last.length === 0 || lengthOf(text(continued)) <= MANAGED_POLICY.max) {
        documents[documents.length - 1] = continued;
      } else {
        documents.push([{ ...statement, Resource: [resource] }]);
      }
    }
  }
  return documents.map(text);
}

const LIFECYCLE_ACTIONS = [
  "autoscaling:CompleteLifecycleAction",
  "autoscaling:RecordLifecycleActionHeartbeat",
];

function assumedBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}

/** A statement for these resources, or no statement when there are no resources. */
function allow(sid: string, actions: readonly string[], resources: readonly string[]): Statement[] {
  return resources.length === 0
    ? []
    : [{ Sid: sid, Effect: "Allow", Action: actions, Resource: sortedUnique(resources) }];
}

/**
 * `ecr:GetAuthorizationToken` is granted on `*`: the token is for a registry, not for a repository, and AWS accepts no
 * narrower resource (Service Authorization Reference, Amazon ECR).
 * No name of a repository shows whether it is a pull-through cache. `ecr:BatchImportUpstreamImage` lets a cache fetch an
 * image that it does not hold yet, and `ecr:CreateRepository` lets it make the repository at the first pull. Both are for
 * this repository alone (Amazon ECR user guide, "IAM permissions required to sync an upstream registry").
 */
function pullsImages(images: readonly string[], partition: string): Statement[] {
  const repositories = images.flatMap((image) => {
    if (Token.isUnresolved(image)) {
      throw new Error(
        "pulledImages must be plain names: a reference does not show which repository to allow",
      );
    }
    const { account, region, repository } = parseEcrImage(image) ?? {};
    return repository ? [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`] : [];
  });
  const pull = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
  ];
  return [
    ...allow("SignInToEcr", ["ecr:GetAuthorizationToken"], repositories.length > 0 ? ["*"] : []),
    ...allow("PullImages", pull, repositories),
  ];
}

function readsS3(prefixes: readonly S3Prefix[], partition: string): Statement[] {
  prefixes.forEach(requireNarrow);
  const objects = prefixes.map(({ bucket, prefix }) => `arn:${partition}:s3:::${bucket}/${prefix}*`);
  const buckets = sortedUnique(prefixes.map(({ bucket }) => bucket));
  return [
    ...allow("ReadObjects", ["s3:GetObject"], objects),
    ...buckets.map(
      (bucket): Statement => ({
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [`arn:${partition}:s3:::${bucket}`],
        Condition: { StringLike: { "s3:prefix": keysOf(bucket, prefixes) } },
      }),
    ),
  ];
}

function keysOf(bucket: string, prefixes: readonly S3Prefix[]): string[] {
  return sortedUnique(prefixes.filter((other) => other.bucket === bucket).map(({ prefix }) => `${prefix}*`));
}

function requireNarrow({ bucket, prefix }: S3Prefix): void {
  for (const part of [bucket, prefix]) {
    if (!Token.isUnresolved(part) && /[*?$]|^\//.test(part)) {
      throw new Error(
        `readableS3Prefixes: "${bucket}/${prefix}" must be plain, without *, ?, $ or a leading slash`,
      );
    }
  }
}

/**
 * `cloudwatch:PutMetricData` supports no resource, only a condition on the namespace (Service Authorization Reference,
 * Amazon CloudWatch).
 */
function publishesMetrics(namespace: string | undefined): Statement[] {
  return allow("PublishMetrics", ["cloudwatch:PutMetricData"], namespace === undefined ? [] : ["*"]).map(
    (statement) => ({
      ...statement,
      Condition: { StringEquals: { "cloudwatch:namespace": [namespace ?? ""] } },
    }),
  );
}

function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
