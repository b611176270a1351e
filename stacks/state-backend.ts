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
   * ARN of the KMS key the bucket encrypts with. Give it whenever the bucket has one: without it the
   * backend requests AES256, which overrides the bucket's default.
   * @default none: encrypted with the key S3 manages
   */
  readonly kmsKeyArn?: string;
  /**
   * The account of the bucket, and the role that reaches it.
   * @default whichever the credentials are of
   */
  readonly account?: Account;
}

/**
 * Keeps the state of `stack` in S3, encrypted, and locked by S3 itself: a second apply is refused until the
 * first is done (`use_lockfile`, Terraform 1.10 and later; no DynamoDB table is needed).
 *
 * Takes no credentials: a stack that reads the outputs of this one contains a copy of all these settings, in plain
 * text. Terraform finds credentials in the environment.
 */
export function useS3State(stack: TerraformStack, state: S3State): S3Backend {
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    region: state.region,
    key: state.key,
    encrypt: true,
    kmsKeyId: state.kmsKeyArn,
    ...accountSettings(state.account),
  });
  // S3Backend of cdktf 0.21 has no such prop; as an override it also stays out of other stacks' copies.
  backend.addOverride("use_lockfile", true);
  return backend;
}
