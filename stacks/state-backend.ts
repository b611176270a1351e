import { S3Backend, type TerraformStack } from "cdktf";
import type { Account } from "../config/plan/deployment";
import { accountSettings } from "./account";

/** Where a stack keeps its state: one object in the state bucket. */
export interface S3State {
  /** Name of the state bucket. */
  readonly bucket: string;
  /** Region of the bucket, which need not be the stack's. */
  readonly region: string;
  /** The object's key, one for each stack, e.g. `us-east-1.tfstate`. */
  readonly key: string;
  /**
   * ARN of the KMS key to encrypt with.
   * @default the key that is the bucket's default
   */
  readonly kmsKeyArn?: string;
  /**
   * The account of the bucket, and the role that reaches it.
   * @default whichever the credentials are of
   */
  readonly account?: Account;
}

/**
 * Keeps the state of `stack` in S3, encrypted as the bucket does by default, and locked by S3 itself: a second apply is refused until the
 * first is done (`use_lockfile`, Terraform 1.10 and later; no DynamoDB table is needed).
 *
 * Without a key it names no encryption at all: `encrypt` alone would ask for AES256, instead of the key of the bucket.
 *
 * Takes no credentials: a stack that reads the outputs of this one contains a copy of all these settings, in plain
 * text. Terraform finds credentials in the environment.
 */
export function useS3State(stack: TerraformStack, state: S3State): S3Backend {
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    region: state.region,
    key: state.key,
    ...(state.kmsKeyArn !== undefined && { encrypt: true, kmsKeyId: state.kmsKeyArn }),
    ...accountSettings(state.account),
  });
  // S3Backend of cdktf 0.21 has no such prop; as an override it also stays out of other stacks' copies.
  backend.addOverride("use_lockfile", true);
  return backend;
}
