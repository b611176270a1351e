import path from "node:path";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { App, LocalBackend, Manifest, TerraformOutput, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Account } from "../config/plan/deployment";
import { StateBucket } from "../constructs/storage/state-bucket";
import { awsProvider } from "./account";
import { forget } from "./forget";
import { ServingStack } from "./serving-stack";

/** Props of {@link StateStack}. */
export interface StateStackProps {
  /** Name of the deployment: part of the name of the file that keeps this stack's own state. */
  readonly deployment: string;
  /**
   * The account.
   * @default whichever the credentials are of
   */
  readonly account?: Account;
  /** Region the bucket lies in. */
  readonly region: string;
  /** Name of the bucket, unique in the whole of AWS. */
  readonly bucket: string;
  /**
   * ARN of the KMS key, in that region, to encrypt the states with.
   * @default the stack makes one
   */
  readonly kmsKeyArn?: string;
  /**
   * Tags of all that the stack creates.
   * @default none
   */
  readonly tags?: { readonly [key: string]: string };
}

/**
 * The bucket the other stacks keep their state in; deployed once, before them. Its own state cannot lie in a
 * bucket that does not exist yet. So it is the file `terraform.<deployment>.<stack>.tfstate` in the project's root, the
 * folder the app runs in. Each deployment has a file of its own. If the file is lost, the bucket, its key and the bucket of
 * its logs still exist, and can be imported.
 */
export class StateStack extends ServingStack {
  constructor(scope: Construct, id: string, props: StateStackProps) {
    super(scope, id);
    awsProvider(this, props.account, {
      region: props.region,
      defaultTags: props.tags && [{ tags: props.tags }],
    });
    new LocalBackend(this, { path: pathInProjectRoot(this, `terraform.${props.deployment}.${id}.tfstate`) });

    const bucket = new StateBucket(this, "state", { bucketName: props.bucket, kmsKeyArn: props.kmsKeyArn });

    if (props.kmsKeyArn !== undefined) {
      // The key that an earlier deploy made: older versions of the states are encrypted with it.
      forget(this, [`${KmsKey.tfResourceType}.state_key`]);
    }

    new TerraformOutput(this, "bucket", {
      description: "Name of the bucket that keeps the states.",
      value: bucket.bucketName,
    });
    new TerraformOutput(this, "region", {
      description: "Region of that bucket.",
      value: props.region,
    });
  }
}

/**
 * A file in the project's root, seen from the folder Terraform runs in (`cdktf.out/stacks/<stack>`). Relative,
 * so that the synthesized JSON is the same on every machine. An output folder outside of the project keeps the
 * file beside it: the path from there to the project differs between machines.
 */
function pathInProjectRoot(stack: TerraformStack, file: string): string {
  const outdir = path.resolve(App.of(stack).outdir);
  const isInProject = outdir.startsWith(path.resolve() + path.sep);
  const root = isInProject ? path.resolve() : path.dirname(outdir);
  const terraformRunsIn = path.join(outdir, Manifest.stacksFolder, stack.node.id);
  return path.relative(terraformRunsIn, path.join(root, file)).split(path.sep).join("/");
}
