const numbered = (begin: string, from: number, to: number, digits = 0) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${begin}${String(from + at).padStart(digits, "0")}`);

/** Trails, and what they log. */
const CLOUDTRAIL = [...numbered("AWS-", 14, 16, 4), ...numbered("AWS-", 161, 163, 4)];

/** Alarms on what trails log: the CIS benchmark of AWS, which Trivy and Security Hub follow. */
const METRIC_FILTERS = [...numbered("AWS-", 147, 160, 4), "AWS-0174", ...numbered("CloudWatch.", 1, 14)];

/** The root user, users, groups and the password policy of an account. */
const USERS = [
  ...["AWS-0056", ...numbered("AWS-", 58, 63, 4), "AWS-0123", ...numbered("AWS-", 140, 142, 4)],
  ...[...numbered("AWS-", 144, 146, 4), ...numbered("AWS-", 165, 169, 4)],
  ...[
    ...numbered("CKV_AWS_", 9, 15),
    "CKV_AWS_273",
    "CKV_AWS_348",
    "CKV2_AWS_14",
    "CKV2_AWS_21",
    "CKV2_AWS_22",
  ],
  ...numbered("IAM.", 3, 20),
];

/** Controls that no rule judges, each with the reason. */
export const NOT_JUDGED: Readonly<Record<string, string>> = {
  "AWS-0171": "CloudTrail belongs to the account, and not to a deployment",
  "AWS-0172": "CloudTrail belongs to the account, and not to a deployment",
  "S3.22": "CloudTrail belongs to the account, and not to a deployment",
  "S3.23": "CloudTrail belongs to the account, and not to a deployment",
  "EC2.172": "it is a setting of the account, under which no load balancer is open to the internet",
  "REL11-BP04": "health checks of Route 53, and no run of Terraform, move clients; no argument says it",
  "REL13-BP01": "serving.yaml says by `survive` what may be lost; no argument of Terraform does",
  "MLREL-11": "variants with weights roll a model out; no argument says whether they are wanted",
  "EC2.7": "it is a setting of the account and region; each volume here is encrypted by itself",
  CKV_AWS_106: "it is a setting of the account and region; each volume here is encrypted by itself",
  "Serverless-EventBusDLQ": "the pack is for applications of Lambda functions, and none is here",
  "Serverless-SNSRedrivePolicy": "the pack is for applications of Lambda functions, and none is here",
  ...Object.fromEntries(
    [...CLOUDTRAIL, ...METRIC_FILTERS].map((id) => [
      id,
      "CloudTrail belongs to the account, and not to a deployment",
    ]),
  ),
  ...Object.fromEntries(
    USERS.map((id) => [id, "users and passwords belong to the account, and none is made here"]),
  ),
  "MLREL-13": "the image and the weights stand in user data and in serving.yaml, not in arguments",
};
