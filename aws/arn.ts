/**
 * The parts of an Amazon Resource Name. Source: IAM user guide, "Identify AWS resources with Amazon Resource Names".
 */
export interface Arn {
  /** e.g. `aws`, `aws-cn`. */
  readonly partition: string;
  /** e.g. `kms`. */
  readonly service: string;
  /** e.g. `eu-west-1`; empty for a resource of no region. */
  readonly region: string;
  /** The id of the account; empty for a resource of no account. */
  readonly account: string;
  /** The rest, which may itself hold colons and slashes, e.g. `key/0a1b`. */
  readonly resource: string;
}

/** @returns `undefined` when the text is not an ARN */
export function parseArn(text: string | undefined): Arn | undefined {
  const [, partition, service, region, account, resource] =
    /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text ?? "") ?? [];
  return partition === undefined ||
    service === undefined ||
    region === undefined ||
    account === undefined ||
    resource === undefined
    ? undefined
    : { partition, service, region, account, resource };
}

/** A secret of Secrets Manager, or what of it is meant: one key of its JSON, one of its versions. */
export interface SecretReference {
  /** ARN of the secret itself, which a permission names. */
  readonly arn: string;
  /** Key of the JSON object that the secret holds. Absent: the whole secret. */
  readonly jsonKey?: string;
  /** e.g. `AWSPREVIOUS`. Absent: `AWSCURRENT`. */
  readonly versionStage?: string;
  readonly versionId?: string;
}

/**
 * Takes a reference apart. The ARN of a secret may be followed by `:json-key:version-stage:version-id`, each of which may
 * be empty. Anything else is a reference to itself, such as the ARN of a Systems Manager parameter.
 *
 * Source: Amazon ECS developer guide, "Pass Secrets Manager secrets through Amazon ECS environment variables".
 */
export function parseSecretReference(text: string): SecretReference {
  const [, arn = text, jsonKey, versionStage, versionId] =
    /^(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+):([^:]*):?([^:]*):?([^:]*)$/.exec(text) ?? [];
  return {
    arn,
    jsonKey: jsonKey || undefined,
    versionStage: versionStage || undefined,
    versionId: versionId || undefined,
  };
}

/** Any region and account, or none: as the services of `serving.yaml` are written there. */
const ANYWHERE = "[a-z0-9-]*:(\\d{12}|aws)?";
const IN_A_REGION = "[a-z0-9-]+:\\d{12}";
const IN_NO_REGION = ":\\d{12}";
const OF_AN_ACCOUNT_OR_AWS = ":(\\d{12}|aws)";

/**
 * The form of an ARN.
 *
 * @param service as in `arn:aws:<service>:…`
 * @param resource regular expression of the rest after the account
 * @param owner regular expression of region and account
 */
export function arnPattern(service: string, resource = ".+", owner = ANYWHERE): RegExp {
  return new RegExp(`^arn:aws[a-z-]*:${service}:${owner}:${resource}$`);
}

/** What the ARNs of one kind of resource look like. */
export interface ArnForm {
  /** What has it, with its article: `an SNS topic`. */
  readonly of: string;
  readonly pattern: RegExp;
  /** A right one. */
  readonly example: string;
}

/**
 * Kinds of ARNs. Source: Service Authorization Reference, the resource types of each service. A permission is compared
 * with the complete ARN of a secret, and takes no alias of a key (Secrets Manager user guide, "Troubleshoot AWS Secrets
 * Manager"; KMS developer guide, "Specifying KMS keys in IAM policy statements").
 */
export const ARN_FORMS = {
  topic: {
    of: "an SNS topic",
    pattern: arnPattern("sns"),
    example: "arn:aws:sns:us-east-1:123456789012:on-call",
  },
  certificate: {
    of: "an ACM certificate",
    pattern: arnPattern("acm"),
    example: "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  keyOrAlias: {
    of: "a KMS key",
    pattern: arnPattern("kms"),
    example: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  key: {
    of: "one KMS key",
    pattern: arnPattern("kms", "key/[A-Za-z0-9-]+"),
    example: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  secret: {
    of: "a secret, complete with the six characters at its end",
    pattern: arnPattern("secretsmanager", "secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}", IN_A_REGION),
    example: "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token-AbCdEf",
  },
  parameter: {
    of: "a Systems Manager parameter",
    pattern: arnPattern("ssm", "parameter/[A-Za-z0-9/_+=.@!-]+", IN_A_REGION),
    example: "arn:aws:ssm:us-east-1:123456789012:parameter/hf-token",
  },
  table: {
    of: "a DynamoDB table",
    pattern: arnPattern("dynamodb", "table/[A-Za-z0-9_.-]{3,255}", IN_A_REGION),
    example: "arn:aws:dynamodb:us-east-1:123456789012:table/features",
  },
  resourceGroup: {
    of: "a resource group",
    pattern: arnPattern("resource-groups"),
    example: "arn:aws:resource-groups:us-east-1:123456789012:group/gpus",
  },
  targetGroup: {
    of: "a target group",
    pattern: arnPattern("elasticloadbalancing", "targetgroup/[^/]+/[^/]+", IN_A_REGION),
    example: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/chat/0123456789abcdef",
  },
  loadBalancer: {
    of: "an Application Load Balancer",
    pattern: arnPattern("elasticloadbalancing", "loadbalancer/app/[^/]+/[^/]+", IN_A_REGION),
    example: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/chat/0123456789abcdef",
  },
  listener: {
    of: "a listener of an Application Load Balancer",
    pattern: arnPattern("elasticloadbalancing", "listener/app/[^/]+/[^/]+/[^/]+", IN_A_REGION),
    example:
      "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/chat/0123456789abcdef/0123456789abcdef",
  },
  trustStore: {
    of: "a trust store",
    pattern: arnPattern("elasticloadbalancing", "truststore/[^/]+/[^/]+", IN_A_REGION),
    example: "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/chat/0123456789abcdef",
  },
  acceleratorListener: {
    of: "a listener of an accelerator",
    pattern: arnPattern("globalaccelerator", "accelerator/[^/]+/listener/[^/]+", IN_NO_REGION),
    example: "arn:aws:globalaccelerator::123456789012:accelerator/1234abcd/listener/0123wxyz",
  },
  webAcl: {
    of: "a web ACL of a region (scope REGIONAL)",
    pattern: arnPattern("wafv2", "regional/webacl/[^/]+/[^/]+", IN_A_REGION),
    example: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chat/1234abcd-12ab-34cd-56ef-1234567890ab",
  },
  role: {
    of: "a role",
    pattern: arnPattern("iam", "role/(.+/)?[A-Za-z0-9+=,.@_-]+", OF_AN_ACCOUNT_OR_AWS),
    example: "arn:aws:iam::123456789012:role/deploy",
  },
  policy: {
    of: "a policy",
    pattern: arnPattern("iam", "policy/(.+/)?[A-Za-z0-9+=,.@_-]+", OF_AN_ACCOUNT_OR_AWS),
    example: "arn:aws:iam::123456789012:policy/boundary",
  },
  instanceProfile: {
    of: "an instance profile",
    pattern: arnPattern("iam", "instance-profile/.+", IN_NO_REGION),
    example: "arn:aws:iam::123456789012:instance-profile/chat",
  },
} as const satisfies Readonly<Record<string, ArnForm>>;
