import type { Part } from "../part";
import { includes, isForAnyone, type Statement } from "../policy";
import type { Rule } from "../rule";
import type { World } from "../world";
import { BUCKET, ofSettings, settings, statements } from "./s3-bucket";

const SECURITY_HUB = "Security Hub user guide, Amazon S3 controls";
const CHECKOV = "Checkov, policy index of Terraform";

/** A rule by which all of some flags of the public access block of a bucket are on. */
function blocks(...flags: readonly string[]): Pick<Rule, "types" | "holds"> {
  return ofSettings("public_access_block", (found) =>
    found.some((each) => flags.every((name) => each.flag(name, false))),
  );
}

/** A rule by which nobody is granted something by a list of S3. */
function withoutAcl(isOpen: (acl: Part) => boolean): Pick<Rule, "types" | "holds"> {
  return ofSettings("acl", (found) => !found.some(isOpen));
}

/** A rule about what the policy of a bucket says. */
function ofPolicy(holds: (all: readonly Statement[]) => boolean): Pick<Rule, "types" | "holds"> {
  return ofSettings("policy", (found, world) => holds(statements(found, world)));
}

function grants(acl: Part, group: string): boolean {
  const inline = acl.type === BUCKET ? acl.blocks("grant").map((grant) => grant.text("uri")) : [];
  const own = acl.blocks("access_control_policy.grant").map((grant) => grant.text("grantee.uri"));
  return [...inline, ...own].some((uri) => (uri ?? "").endsWith(group));
}

/** The lists that S3 knows by a name and that let others than the owner in. Source: S3 user guide, Canned ACL. */
const PUBLIC_ACL = /^(public-read|website|authenticated-read)/;

/** What another account must not do. Source: Security Hub user guide, S3.6. */
const RISKY = [
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutBucketPolicy",
  "s3:PutEncryptionConfiguration",
  "s3:PutObjectAcl",
];

/** Whether everyone is refused without TLS, at the bucket and at its objects. */
function isTlsOnly({ allows, actions, principals, resources, conditions }: Statement): boolean {
  const isOfAll =
    resources.includes("*") ||
    (resources.some((each) => each.endsWith("/*")) && resources.some((each) => !each.endsWith("/*")));
  return (
    !allows &&
    actions.some((each) => ["*", "s3:*"].includes(each)) &&
    Object.values(principals).flat().includes("*") &&
    isOfAll &&
    (conditions["aws:SecureTransport"] ?? []).includes("false")
  );
}

/** Who may write the logs of a load balancer, and where. Source: ELB user guide, Enable access logs, step 2. */
function letsLoadBalancersWrite(
  { allows, actions, principals, resources }: Statement,
  prefix: string | undefined,
): boolean {
  const place = prefix === undefined ? "/AWSLogs/" : `/${prefix}/AWSLogs/`;
  const isElb =
    (principals.Service ?? []).includes("logdelivery.elasticloadbalancing.amazonaws.com") ||
    (principals.AWS ?? []).some((each) => /^arn:[^:]*:iam::\d{12}:root$|aws_elb_service_account/.test(each));
  return (
    allows &&
    isElb &&
    actions.some((each) => includes(each, "s3:PutObject")) &&
    resources.some(
      (each) => each === "*" || (each.endsWith("/*") && (each.includes(place) || !/\/.*\//.test(each))),
    )
  );
}

/** Who reaches a bucket. */
export const s3Access: readonly Rule[] = [
  {
    ids: ["CKV_AWS_20", "CKV_AWS_379", "AWS-0092"],
    meaning: "No list of S3 lets everyone read a bucket",
    source: CHECKOV,
    ...withoutAcl((acl) => PUBLIC_ACL.test(acl.text("acl") ?? "")),
  },
  {
    ids: ["CKV_AWS_57"],
    meaning: "No list of S3 lets everyone write to a bucket",
    source: CHECKOV,
    ...withoutAcl((acl) => acl.text("acl") === "public-read-write"),
  },
  {
    ids: ["CKV_AWS_375"],
    meaning: "No list of S3 names everyone",
    source: CHECKOV,
    ...withoutAcl((acl) => grants(acl, "/AllUsers")),
  },
  {
    ids: ["CKV2_AWS_43"],
    meaning: "No list of S3 names every account of AWS",
    source: CHECKOV,
    ...withoutAcl((acl) => grants(acl, "/AuthenticatedUsers")),
  },
  {
    ids: ["CKV_AWS_53", "AWS-0086"],
    meaning: "A bucket takes no public lists",
    source: SECURITY_HUB,
    ...blocks("block_public_acls"),
  },
  {
    ids: ["CKV_AWS_54", "AWS-0087"],
    meaning: "A bucket takes no public policy",
    source: SECURITY_HUB,
    ...blocks("block_public_policy"),
  },
  {
    ids: ["CKV_AWS_55", "AWS-0091"],
    meaning: "A bucket ignores public lists",
    source: SECURITY_HUB,
    ...blocks("ignore_public_acls"),
  },
  {
    ids: ["CKV_AWS_56", "AWS-0093"],
    meaning: "A public policy lets nobody but the account in",
    source: SECURITY_HUB,
    ...blocks("restrict_public_buckets"),
  },
  {
    ids: ["CKV2_AWS_6", "AWS-0094"],
    meaning: "A bucket has a public access block",
    source: CHECKOV,
    ...blocks("block_public_acls", "block_public_policy"),
  },
  {
    ids: ["S3.1", "S3.8", "NIST-S3BucketLevelPublicAccessProhibited"],
    meaning: "A bucket blocks all public access",
    source: SECURITY_HUB,
    ...blocks("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"),
  },
  {
    ids: ["NIST-S3BucketPublicReadProhibited", "NIST-S3BucketPublicWriteProhibited"],
    meaning: "A bucket takes no public policy, and no public list that is not ignored",
    source: "cdk-nag, NIST 800-53 rev 5",
    types: [BUCKET],
    holds: (part, world) => {
      const found = settings(part, "public_access_block", world);
      const isOpen = settings(part, "acl", world).some((acl) => PUBLIC_ACL.test(acl.text("acl") ?? ""));
      return found.some(
        (each) =>
          each.flag("block_public_policy", false) && (!isOpen || each.flag("block_public_acls", false)),
      );
    },
  },
  {
    ids: ["S3.2", "S3.3", "AwsSolutions-S2", "CKV_AWS_70"],
    meaning: "No policy lets everyone into a bucket",
    source: SECURITY_HUB,
    ...ofPolicy((all) => !all.some(isForAnyone)),
  },
  {
    ids: ["CKV_AWS_93"],
    meaning: "No policy locks everyone out of a bucket",
    source: CHECKOV,
    ...ofPolicy(
      (all) =>
        !all.some(
          ({ allows, actions, principals, conditions }) =>
            !allows &&
            Object.values(principals).flat().includes("*") &&
            Object.keys(conditions).length === 0 &&
            actions.some((each) => includes(each, "s3:PutBucketPolicy")),
        ),
    ),
  },
  {
    ids: ["S3.5", "AwsSolutions-S10", "NIST-S3BucketSSLRequestsOnly"],
    meaning: "A bucket refuses requests without TLS, to itself and to its objects",
    source: SECURITY_HUB,
    ...ofPolicy((all) => all.some(isTlsOnly)),
  },
  {
    ids: ["S3.6"],
    meaning: "No other account may change who may use a bucket",
    source: SECURITY_HUB,
    ...ofPolicy(
      (all) =>
        !all.some(
          ({ allows, actions, principals }) =>
            allows &&
            (principals.AWS ?? []).length > 0 &&
            actions.some((each) => RISKY.some((risky) => includes(each, risky))),
        ),
    ),
  },
  {
    ids: ["FN-ALB-LOGS"],
    meaning:
      "A load balancer may write its logs: a policy that is there before it lets it, and the bucket has the key of S3",
    source: "ELB user guide, Enable access logs for your Application Load Balancer",
    types: ["aws_lb", "aws_alb"],
    holds: (part, world) => {
      const buckets = world
        .beside(part, BUCKET)
        .filter((bucket) => part.refersTo("access_logs.bucket", bucket));
      return buckets.length === 0 ? undefined : buckets.every((bucket) => mayWriteLogs(part, bucket, world));
    },
  },
];

function mayWriteLogs(loadBalancer: Part, bucket: Part, world: World): boolean {
  const policies = settings(bucket, "policy", world);
  const prefix = loadBalancer.text("access_logs.prefix") || undefined;
  const key = "rule.apply_server_side_encryption_by_default.sse_algorithm";
  return (
    statements(policies, world).some((each) => letsLoadBalancersWrite(each, prefix)) &&
    policies.some((each) => each === bucket || loadBalancer.dependsOn.includes(each.address)) &&
    settings(bucket, "server_side_encryption_configuration", world).every(
      (each) => each.text(key) === "AES256",
    )
  );
}
