import { withoutUnknowns } from "../../simulation/terraform/resolve";
import { type Part, written } from "../part";
import {
  includes,
  isForAnyone,
  isUnbounded,
  type Statement,
  statementsOf,
  statementsOfDocument,
} from "../policy";
import type { Rule } from "../rule";
import type { World } from "../world";

const POLICIES = ["aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"];
const DOCUMENT = "data.aws_iam_policy_document";
const ROLE = "aws_iam_role";
const ATTACHMENTS = [
  ...["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"],
  ...["aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment"],
];
const CHECKOV = "Checkov, policy index of Terraform";
const SECURITY_HUB = "Security Hub user guide, AWS IAM controls";

/** What a policy allows; nothing where a document is the trust or the resource policy of something. */
function allowed(part: Part, world: World): readonly Statement[] {
  const all =
    part.type === DOCUMENT
      ? statementsOfDocument(part)
      : (part.type === ROLE ? part.blocks("inline_policy") : [part]).flatMap((each) =>
          statementsOf(each, "policy", world),
        );
  return all.filter(({ allows, principals }) => allows && Object.keys(principals).length === 0);
}

/** A rule about what policies may not allow. */
function never(
  ids: Rule["ids"],
  meaning: string,
  isWrong: (statement: Statement) => boolean,
  more: Partial<Pick<Rule, "source">> = {},
): Rule {
  return {
    ids,
    meaning,
    source: more.source ?? CHECKOV,
    types: [...POLICIES, ROLE, DOCUMENT],
    holds: (part, world) =>
      part.type === ROLE && !part.has("inline_policy") ? undefined : !allowed(part, world).some(isWrong),
  };
}

/** A rule that fails where it finds something, and says what. */
function found(rule: Omit<Rule, "holds"> & { readonly findings: NonNullable<Rule["findings"]> }): Rule {
  const findings: Rule["findings"] = (part, world) => [...new Set(rule.findings(part, world))].sort();
  return {
    ...rule,
    findings,
    holds: (part, world) => {
      if (part.type === ROLE && ["inline_policy", "managed_policy_arns"].every((name) => !part.has(name))) {
        return undefined;
      }
      const all = findings(part, world);
      return all.length === 0 || all.join(", ");
    },
  };
}

/** Whether a statement allows, for everything and always, one of some actions. */
function unbounded(...actions: readonly string[]): (statement: Statement) => boolean {
  return (statement) =>
    isUnbounded(statement) &&
    statement.actions.some((pattern) => actions.some((action) => includes(pattern, action)));
}

/** Actions that make more of the rights one has. Source: cloudsplaining, Privilege Escalation. */
const ESCALATE = [
  ...[
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
  ],
  ...["iam:UpdateLoginProfile", "iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"],
  ...["iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy", "iam:AddUserToGroup", "iam:PassRole"],
  ...["iam:UpdateAssumeRolePolicy", "lambda:UpdateFunctionCode", "glue:UpdateDevEndpoint"],
];

/** Actions that give out credentials. Source: cloudsplaining, Credentials Exposure. */
const CREDENTIALS = [
  ...["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"],
  ...["sts:AssumeRole", "sts:GetSessionToken", "sts:GetFederationToken", "rds-db:connect"],
];

/** Actions that read data. Source: cloudsplaining, Data Exfiltration. */
const READ_DATA = [
  "s3:GetObject",
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
  "secretsmanager:GetSecretValue",
];

/** Actions that change who may do what. Source: Service Authorization Reference, access level Permissions management. */
const PERMISSIONS = [
  ...[
    ...ESCALATE,
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutObjectAcl",
    "kms:PutKeyPolicy",
    "kms:CreateGrant",
  ],
  ...[
    "sns:AddPermission",
    "sqs:AddPermission",
    "lambda:AddPermission",
    "ecr:SetRepositoryPolicy",
    "iam:DeleteRolePolicy",
  ],
];

/**
 * Actions for which AWS takes no resource but `*`, as far as deployments like these allow them. Source: Service
 * Authorization Reference, actions without a resource type.
 */
const WITHOUT_RESOURCE = [
  ...["ec2:Describe*", "autoscaling:Describe*", "elasticloadbalancing:Describe*", "cloudwatch:PutMetricData"],
  ...[
    "cloudwatch:GetMetric*",
    "cloudwatch:ListMetrics",
    "ecr:GetAuthorizationToken",
    "logs:DescribeLogGroups",
  ],
  ...[
    "s3:ListAllMyBuckets",
    "sts:GetCallerIdentity",
    "ssmmessages:*",
    "ec2messages:*",
    "kms:ListKeys",
    "kms:ListAliases",
  ],
  ...["servicequotas:GetServiceQuota", "tag:GetResources", "pricing:*", "xray:Put*"],
];

const takesNoResource = (action: string) => WITHOUT_RESOURCE.some((pattern) => includes(pattern, action));

/** Words of actions that only look. */
const LOOKS = /:(Describe|List|Get|BatchGet|Read|Search|Lookup|View|Query|Scan|Head)/i;

/** The ARN that a part attaches, or that it looks up. */
function attached(part: Part): readonly string[] {
  const single = ["policy_arn", "arn", "name"].filter((name) => part.type !== ROLE || name === "policy_arn");
  return [...single.map((name) => part.value(name)), ...part.list("managed_policy_arns")].map(String);
}

function trust(part: Part, world: World): readonly Statement[] {
  return statementsOf(part, "assume_role_policy", world).filter(({ allows }) => allows);
}

function accounts({ principals }: Statement): readonly string[] {
  return principals.AWS ?? [];
}

export const iam: readonly Rule[] = [
  never(
    ["CKV_AWS_62", "CKV_AWS_1", "IAM.1", "NIST-IAMPolicyNoStatementsWithAdminAccess"],
    "No policy allows everything on everything",
    ({ actions, resources }) =>
      actions.some((each) => ["*", "*:*"].includes(each)) && resources.includes("*"),
    { source: SECURITY_HUB },
  ),
  never(["CKV_AWS_63", "CKV_AWS_49"], "No policy allows every action", ({ actions }) =>
    actions.includes("*"),
  ),
  never(["CKV2_AWS_40"], "No policy allows all of IAM", ({ actions }) =>
    actions.some((each) => ["*", "*:*", "iam:*"].includes(each)),
  ),
  never(
    ["IAM.21", "NIST-IAMPolicyNoStatementsWithFullAccess"],
    "No policy allows every action of a service",
    ({ actions }) => actions.some((each) => /^(\*|[\w-]+):\*$/.test(each) || each === "*"),
    { source: SECURITY_HUB },
  ),
  never(["AWS-0345"], "No policy allows all of S3", ({ actions }) => actions.includes("s3:*"), {
    source: "Trivy checks, AWS IAM",
  }),
  found({
    ids: ["AwsSolutions-IAM5", "AWS-0057"],
    meaning: "No policy has a wildcard, in an action or a resource",
    source: "cdk-nag, AWS Solutions",
    types: [...POLICIES, ROLE, DOCUMENT],
    findings: (part, world) =>
      allowed(part, world).flatMap(({ actions, resources }) => [
        ...actions.filter((each) => each.includes("*")).map((each) => `Action::${each}`),
        ...resources.filter((each) => each.includes("*")).map((each) => `Resource::${written(each)}`),
      ]),
  }),
  never(["CKV_AWS_286", "CKV_AWS_110"], "No policy lets its holder get more rights", unbounded(...ESCALATE)),
  never(["CKV_AWS_287", "CKV_AWS_107"], "No policy gives out credentials", unbounded(...CREDENTIALS)),
  never(["CKV_AWS_288", "CKV_AWS_108"], "No policy reads all data", unbounded(...READ_DATA)),
  never(
    ["CKV_AWS_289", "CKV_AWS_109"],
    "No policy changes the rights on everything",
    unbounded(...PERMISSIONS),
  ),
  never(
    ["CKV_AWS_290", "CKV_AWS_111"],
    "No policy writes to everything",
    (statement) =>
      isUnbounded(statement) && statement.actions.some((each) => !takesNoResource(each) && !LOOKS.test(each)),
  ),
  never(
    ["CKV_AWS_355", "CKV_AWS_356"],
    "A policy names the resources of every action that takes one",
    (statement) => isUnbounded(statement) && statement.actions.some((each) => !takesNoResource(each)),
  ),
  never(
    ["KMS.1", "KMS.2", "NIST-IAMNoDecryptOnAllKeys"],
    "No policy decrypts with every key",
    ({ actions, resources }) =>
      resources.some((each) => each === "*" || /^arn:.*:kms:.*[:/]\*$/.test(each)) &&
      actions.some((each) => ["kms:Decrypt", "kms:ReEncryptFrom"].some((action) => includes(each, action))),
    { source: "Security Hub user guide, AWS KMS controls" },
  ),
  never(
    ["AWS-0342"],
    "No policy passes roles on",
    ({ actions }) => actions.some((each) => includes(each, "iam:PassRole")),
    { source: "Trivy checks, AWS IAM" },
  ),
  never(
    ["AWS-0346"],
    "No policy both reads and writes everything in S3",
    ({ actions, resources }) =>
      resources.includes("*") &&
      ["s3:GetObject", "s3:PutObject"].every((action) => actions.some((each) => includes(each, action))),
    { source: "Trivy checks, AWS IAM" },
  ),
  {
    ids: ["CKV_AWS_283"],
    meaning: "No document lets every account in",
    source: CHECKOV,
    types: [DOCUMENT],
    holds: (part) => !statementsOfDocument(part).some(isForAnyone),
  },
  {
    ids: ["CKV_AWS_60"],
    meaning: "Not everyone may take a role",
    source: CHECKOV,
    types: [ROLE],
    holds: (part, world) => !trust(part, world).some((each) => accounts(each).includes("*")),
  },
  {
    ids: ["CKV_AWS_61"],
    meaning: "Not everyone in an account may take a role",
    source: CHECKOV,
    types: [ROLE],
    holds: (part, world) =>
      !trust(part, world).some((each) => accounts(each).some((one) => /^\d{12}$|:root$/.test(one))),
  },
  {
    ids: ["CKV_AWS_393", "CKV_AWS_358"],
    meaning: "A role for GitHub names the repository",
    source: CHECKOV,
    types: [ROLE, DOCUMENT],
    holds: (part, world) => {
      const all = part.type === DOCUMENT ? statementsOfDocument(part) : trust(part, world);
      const fromGithub = all.filter(({ principals }) =>
        (principals.Federated ?? []).some((each) => each.includes("token.actions.githubusercontent.com")),
      );
      return fromGithub.length === 0
        ? undefined
        : fromGithub.every(({ conditions }) => {
            const subjects = conditions["token.actions.githubusercontent.com:sub"] ?? [];
            return subjects.length > 0 && subjects.every((each) => /^repo:[^*/]+\/[^*:]+/.test(each));
          });
    },
  },
  {
    ids: ["CKV_AWS_274", "CKV_AWS_275"],
    meaning: "Nobody gets AdministratorAccess",
    source: CHECKOV,
    types: [ROLE, ...ATTACHMENTS, "data.aws_iam_policy"],
    holds: (part) => !attached(part).some((each) => /(^|\/)AdministratorAccess$/.test(each)),
  },
  {
    ids: ["CKV2_AWS_56"],
    meaning: "Nobody gets IAMFullAccess",
    source: CHECKOV,
    types: [ROLE, ...ATTACHMENTS, "data.aws_iam_policy"],
    holds: (part) => !attached(part).some((each) => each.includes("IAMFullAccess")),
  },
  found({
    ids: ["AwsSolutions-IAM4"],
    meaning: "No role has a policy of AWS's own, which AWS may widen",
    source: "cdk-nag, AWS Solutions",
    types: [ROLE, ...ATTACHMENTS],
    findings: (part) =>
      attached(part)
        .filter((each) => /^arn:.*:iam::aws:policy\//.test(each))
        .map((each) => `Policy::${written(each)}`),
  }),
  {
    ids: ["CKV_AWS_40", "IAM.2", "AWS-0143", "NIST-IAMUserNoPolicies"],
    meaning: "No user has rights of its own",
    source: SECURITY_HUB,
    types: ["aws_iam_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_user_policy"],
    holds: (part) => part.type === "aws_iam_policy_attachment" && !part.has("users"),
  },
  {
    ids: ["NIST-IAMNoInlinePolicy"],
    meaning: "Policies are resources of their own, and not lines in a role",
    source: "cdk-nag, NIST 800-53 rev 5",
    types: ["aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy", ROLE],
    holds: (part) => part.type === ROLE && !part.has("inline_policy"),
  },
  {
    ids: ["aws_iam_role_deprecated_policy_attributes"],
    meaning: "A role has none of the arguments that the provider gave up",
    source: "TFLint ruleset for AWS",
    types: [ROLE],
    holds: (part) => !part.has("inline_policy") && !part.has("managed_policy_arns"),
  },
  {
    ids: ["aws_iam_policy_too_long_policy"],
    meaning: "A policy has at most 6,144 characters",
    source: "IAM user guide, IAM and AWS STS quotas",
    types: ["aws_iam_policy"],
    holds: (part, world) => {
      statementsOf(part, "policy", world);
      return withoutUnknowns(part.text("policy") ?? "", () => "").replace(/\s/g, "").length <= 6144;
    },
  },
];
