import type { Json } from "../../support/synthesis";
import { type Rewrite, rewrite } from "./rewrite";

/** Where parameters stand in the emulator that AWS keeps below `/aws/service`. */
export const EMULATED_PARAMETERS = "/emulated";

/** What moto cannot do, and the suite does not ask of it. */
export const EMULATOR_GAPS: readonly Rewrite[] = [
  {
    why: "moto keeps some of AWS's own parameters only, and lets nobody write more of them",
    kind: "data",
    type: "aws_ssm_parameter",
    change: (parameter) => {
      parameter.name = parameter.name.replace(/^\/aws\/service(?=\/)/, EMULATED_PARAMETERS);
    },
  },
  {
    why: "moto does not read the conditions of a bucket policy: what is refused without TLS is refused",
    kind: "resource",
    type: "aws_s3_bucket_policy",
    change: inStatements((statement) => {
      if (statement.Effect === "Deny" && statement.Condition?.Bool?.["aws:SecureTransport"] === "false") {
        statement.Action = "s3:BypassGovernanceRetention";
      }
    }),
  },
  {
    why: "moto answers PutBucketLogging with 500 where a statement of the target's policy names everyone as a word: it looks for a service in an object, which AWS reads as the same (IAM user guide, Principal)",
    kind: "resource",
    type: "aws_s3_bucket_policy",
    change: inStatements((statement) => {
      if (statement.Principal === "*") {
        statement.Principal = { AWS: "*" };
      }
    }),
  },
  {
    why: "moto takes that a bucket notifies EventBridge, and answers GetBucketNotificationConfiguration without it",
    kind: "resource",
    type: "aws_s3_bucket_notification",
    change: (notification) => {
      notification.eventbridge = false;
    },
  },
  {
    why: "moto forgets how many old versions are kept, and the provider waits for it to remember",
    kind: "resource",
    type: "aws_s3_bucket_lifecycle_configuration",
    change: (lifecycle) => {
      for (const { noncurrent_version_expiration = [] } of lifecycle.rule) {
        for (const expiration of noncurrent_version_expiration) {
          delete expiration.newer_noncurrent_versions;
        }
      }
    },
  },
  {
    why: "moto keeps one scaling policy of a name in a region, AWS one in a group (Auto Scaling API, PutScalingPolicy)",
    kind: "resource",
    type: "aws_autoscaling_policy",
    change: (policy, name) => {
      policy.name = `${policy.name}-${name}`;
    },
  },
];

/** Rewrites the JSON of a stack in place for the emulator, which is reached by an address without bucket names. */
export function forEmulator(stack: Json): void {
  for (const provider of stack.provider.aws) {
    provider.s3_use_path_style = true;
  }
  const s3 = stack.terraform.backend?.s3;
  if (s3 !== undefined) {
    s3.use_path_style = true;
  }
  for (const { config } of Object.values<Json>(stack.data?.terraform_remote_state ?? {})) {
    config.use_path_style = true;
  }
  rewrite(stack, EMULATOR_GAPS);
}

/** A change of each statement of a bucket's policy. */
function inStatements(change: (statement: Json) => void): Rewrite["change"] {
  return (bucketPolicy) => {
    const policy: Json = JSON.parse(bucketPolicy.policy);
    policy.Statement.forEach(change);
    bucketPolicy.policy = JSON.stringify(policy);
  };
}
