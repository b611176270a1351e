import { parseArn, parseSecretReference } from "../../aws/arn";
import { parseEcrImage } from "../../aws/ecr-image";
import type { UnpackedUserData } from "../user-data";
import { awsCommands } from "./aws-commands";
import { UNKNOWN } from "./patterns";

/** A request of an instance to AWS, and what its role has to allow for it. */
export interface Call {
  /** What makes it: a script with its command, or a program and who says that it does. */
  readonly by: string;
  /** e.g. `s3:GetObject`. */
  readonly action: string;
  /** A pattern of ARNs as in a policy, or `*`; `undefined`: of resources that only the user knows. */
  readonly resource: string | undefined;
  /** Values of condition keys, each a pattern. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
  /** Whether the role may also not allow it. */
  readonly optional?: boolean;
}

/** What is known of an instance beside its user data. */
export interface Surroundings {
  /** Whether its group launches Spot instances. */
  readonly spot: boolean;
  /** ARNs of the target groups of its group, as they are written in Terraform. */
  readonly targetGroupArns: readonly string[];
}

interface Instance extends Surroundings {
  fact(name: string): string;
  facts(name: string): readonly string[];
}

/** A call without its maker. */
type Needed = Omit<Call, "by">;

/** The calls behind each command of the AWS CLI in `boot/`, for an instance with these facts, by the script that has it. */
const COMMANDS: Readonly<Record<string, (instance: Instance, script: string) => readonly Needed[]>> = {
  "autoscaling complete-lifecycle-action": (instance) => [
    { action: "autoscaling:CompleteLifecycleAction", resource: groupArn(instance) },
  ],
  "autoscaling record-lifecycle-action-heartbeat": (instance) => [
    { action: "autoscaling:RecordLifecycleActionHeartbeat", resource: groupArn(instance) },
  ],
  // spot.sh looks at the group before it leaves the load balancer, unhealthy.sh before it has an instance replaced.
  "autoscaling describe-auto-scaling-groups": ({ fact, spot }, script) =>
    when(script.endsWith("/spot.sh") ? spot : fact("GPU_WATCH") !== "", {
      action: "autoscaling:DescribeAutoScalingGroups",
      resource: "*",
    }),
  "autoscaling set-instance-health": (instance) =>
    when(instance.fact("GPU_WATCH") !== "", {
      action: "autoscaling:SetInstanceHealth",
      resource: groupArn(instance),
    }),
  "elbv2 deregister-targets": ({ spot, targetGroupArns }) =>
    targetGroupArns.flatMap((resource) =>
      when(spot, { action: "elasticloadbalancing:DeregisterTargets", resource }),
    ),
  "ecr get-login-password": (instance) =>
    when(repositories(instance).length > 0, { action: "ecr:GetAuthorizationToken", resource: "*" }),
  // sync lists the prefix, and fetches what it misses.
  "s3 sync": (instance) => weights(instance).flatMap(readFolder),
  "secretsmanager get-secret-value": (instance) =>
    secretsOf(instance, (service) => service !== "ssm").map((resource) => ({
      action: "secretsmanager:GetSecretValue",
      resource,
    })),
  "ssm get-parameter": (instance) =>
    secretsOf(instance, (service) => service === "ssm").map((resource) => ({
      action: "ssm:GetParameter",
      resource,
    })),
};

/** What an instance calls by other programs, with the sources that say so. */
const PROGRAMS: readonly {
  readonly by: string;
  readonly calls: (instance: Instance) => readonly Needed[];
}[] = [
  {
    by: "the server itself (vLLM docs, Loading models with Run:ai Model Streamer; SGLang docs, Load Model from Remote)",
    calls: (instance) => streamed(instance).flatMap(readFolder),
  },
  {
    by: "the server itself, what its arguments name by ARN (Service Authorization Reference, read access of each service)",
    calls: named,
  },
  {
    by: "docker pull (Amazon ECR user guide, managed policies: AmazonEC2ContainerRegistryReadOnly; and IAM permissions required to sync an upstream registry, for a pull-through cache)",
    calls: (instance) =>
      repositories(instance).flatMap((resource) =>
        [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:BatchImportUpstreamImage",
          "ecr:CreateRepository",
          "ecr:GetDownloadUrlForLayer",
        ].map((action) => ({ action, resource })),
      ),
  },
  {
    by: "KMS, for objects, secrets and parameters that a key of the user encrypts (S3 user guide, SSE-KMS; Secrets Manager user guide, Secret encryption; Systems Manager user guide, KMS encryption for SecureString)",
    calls: (instance) =>
      when(
        weights(instance).length + streamed(instance).length + named(instance).length > 0 ||
          instance.facts("SECRETS").length + instance.facts("REGISTRY").length > 0,
        {
          action: "kms:Decrypt",
          resource: undefined,
          optional: true,
        },
      ),
  },
  {
    // Without `aws:AutoScalingGroupName` among append_dimensions it reads no tags of EC2, and without retention_in_days
    // it reads and changes no log group. It creates a log group only where there is none.
    by: "the CloudWatch agent (amazon-cloudwatch-agent, plugins/outputs/cloudwatchlogs/internal/pusher, plugins/outputs/cloudwatch)",
    calls: ({ fact }) => [
      ...when(fact("METRICS_NAMESPACE") !== "", {
        action: "cloudwatch:PutMetricData",
        resource: "*",
        context: { "cloudwatch:namespace": [fact("METRICS_NAMESPACE")] },
      }),
      ...["boot", "server", "agent", "metrics"].flatMap((group) =>
        ["logs:CreateLogStream", "logs:PutLogEvents"].flatMap((action) =>
          when(fact("METRICS_NAMESPACE") !== "", {
            action,
            resource: arnOf("logs", `log-group:${fact("LOG_GROUPS")}/${group}:*`),
          }),
        ),
      ),
    ],
  },
  {
    by: "the SSM agent of the machine image (Systems Manager user guide, Add Session Manager permissions to an existing IAM role)",
    calls: () => [
      {
        action: "ssm:UpdateInstanceInformation",
        resource: arnOf("ec2", "instance/*"),
        optional: true,
      },
      ...[
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ].map((action) => ({ action, resource: "*", optional: true })),
    ],
  },
];

/**
 * All that an instance calls of AWS.
 *
 * @throws Error when a script calls a command that is not known here
 */
export function callsOf({ files, facts }: UnpackedUserData, surroundings: Surroundings): readonly Call[] {
  const instance: Instance = {
    ...surroundings,
    fact: (name) => facts.get(name)?.[0] ?? "",
    facts: (name) => facts.get(name) ?? [],
  };
  const commands = commandsIn(files).flatMap(({ file, command }) => {
    const calls = COMMANDS[command];
    if (!calls) {
      throw new Error(`${file}: testing/iam/instance-calls.ts does not know what "aws ${command}" needs`);
    }
    return calls(instance, file).map((call) => ({ ...call, by: `${file}, aws ${command}` }));
  });
  return [
    ...commands,
    ...PROGRAMS.flatMap(({ by, calls }) => calls(instance).map((call) => ({ ...call, by }))),
  ];
}

/** The commands that are known here and that none of these scripts calls. */
export function uncalledCommands({ files }: UnpackedUserData): readonly string[] {
  const called = new Set(commandsIn(files).map(({ command }) => command));
  return Object.keys(COMMANDS).filter((command) => !called.has(command));
}

const known = new Map<string, ReturnType<typeof awsCommands>>();

/** The scripts are the same on every instance, so they are read once. */
function commandsIn(files: ReadonlyMap<string, string>): ReturnType<typeof awsCommands> {
  const scripts = new Map([...files].filter(([path]) => path.startsWith("/opt/") && path.endsWith(".sh")));
  const key = [...scripts.values()].join("\0");
  const made = known.get(key) ?? awsCommands(scripts);
  known.set(key, made);
  return made;
}

function when(holds: boolean, call: Needed): readonly Needed[] {
  return holds ? [call] : [];
}

function arnOf(service: string, resource: string): string {
  return `arn:${UNKNOWN}:${service}:${UNKNOWN}:${UNKNOWN}:${resource}`;
}

function groupArn({ fact }: Instance): string {
  return arnOf("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${fact("GROUP")}`);
}

/** The private repositories of Amazon ECR that the instance pulls from. */
function repositories({ fact }: Instance): readonly string[] {
  return [fact("IMAGE"), fact("OPTIMIZER_IMAGE")].flatMap((image) => {
    const { account, region, repository } = parseEcrImage(image) ?? {};
    return repository === undefined
      ? []
      : [`arn:${UNKNOWN}:ecr:${region}:${account}:repository/${repository}`];
  });
}

/** A folder in S3. */
interface Folder {
  readonly bucket: string;
  /** With a slash at its end. */
  readonly prefix: string;
}

/** Where the weights and the adapters are in S3. sync reads below a folder, with or without a slash at the end of its name. */
function weights({ fact, facts }: Instance): readonly Folder[] {
  const adapters = facts("ADAPTERS").flatMap((adapter) => adapter.split(" ").slice(2));
  return [fact("WEIGHTS_URI"), ...facts("WEIGHTS_MIRRORS"), ...adapters].flatMap(foldersIn);
}

/** What the server reads itself: the addresses that its arguments and variables have. */
function streamed({ facts }: Instance): readonly Folder[] {
  return [...facts("ARGUMENTS"), ...facts("ENVIRONMENT")].flatMap(foldersIn);
}

/** By address or by ARN, as `s3://bucket/prefix` and `arn:aws:s3:::bucket/prefix/*`. */
function foldersIn(text: string): readonly Folder[] {
  return [...text.matchAll(/s3:(?:\/\/|::)([a-z0-9.-]+)\/?([^\s"',*]*)/g)].map(
    ([, bucket = "", path = ""]) => ({
      bucket,
      prefix: path.replace(/[^/]$/, "$&/"),
    }),
  );
}

/** What the server reads itself of other services. */
function named({ facts }: Instance): readonly Needed[] {
  return facts("ARGUMENTS")
    .flatMap((text) => text.match(/arn:aws[^\s"',]*/g) ?? [])
    .flatMap((resource) => {
      switch (parseArn(resource)?.service) {
        case "secretsmanager":
          return [{ action: "secretsmanager:GetSecretValue", resource }];
        case "ssm":
          return [{ action: "ssm:GetParameter", resource }];
        case "dynamodb":
          return ["BatchGetItem", "ConditionCheckItem", "DescribeTable", "GetItem", "Query", "Scan"].flatMap(
            (action) =>
              [resource, `${resource}/index/*`].map((each) => ({
                action: `dynamodb:${action}`,
                resource: each,
              })),
          );
        default:
          return [];
      }
    });
}

function readFolder({ bucket, prefix }: Folder): readonly Needed[] {
  return [
    {
      action: "s3:ListBucket",
      resource: `arn:${UNKNOWN}:s3:::${bucket}`,
      context: { "s3:prefix": [`${prefix}*`] },
    },
    { action: "s3:GetObject", resource: `arn:${UNKNOWN}:s3:::${bucket}/${prefix}*` },
  ];
}

/** ARNs of secrets of some services; boot/secrets.sh asks Secrets Manager for all that are no parameter. */
function secretsOf({ facts }: Instance, of: (service: string) => boolean): readonly string[] {
  const secrets = facts("SECRETS").map((secret) => secret.slice(secret.indexOf("=") + 1));
  return [...secrets, ...facts("REGISTRY").slice(2)]
    .map((secret) => parseSecretReference(secret).arn)
    .filter((arn) => of(parseArn(arn)?.service ?? ""));
}
