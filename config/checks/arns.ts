import type { Path } from "../diagnostics/diagnostic";
import { instanceLayers, variantsOf } from "../plan/overrides";
import type { ServingFile } from "../schema/deployment";

/** An ARN of the file. */
export interface WrittenArn {
  readonly path: Path;
  readonly arn: string;
  /**
   * Whose it has to be. `own`: of the account of the deployment. `own or of AWS`: that, or a policy that AWS manages.
   * Default: anybody's who lets the deployment use it.
   */
  readonly of?: "own" | "own or of AWS";
}

/**
 * Every ARN of the file, with the account that it has to be of. Sources for what has to be of the own account:
 *
 * - a role that is assumed, and a boundary: the fields say so (a boundary is one of the account or of AWS: IAM user guide,
 *   "Permissions boundaries for IAM entities")
 * - certificates: AWS Security Blog, "How to deploy public ACM certificates across multiple AWS accounts and Regions": each
 *   account and region needs its own
 * - web ACLs: AWS WAF developer guide, "Web ACL management for AWS WAF policies": Firewall Manager, which protects several
 *   accounts, makes one in each
 *
 * Sources for what may be of another account, whose policy then allows it:
 *
 * - keys: KMS developer guide, "Allowing users in other accounts to use a KMS key"
 * - secrets: Secrets Manager user guide, "Access AWS Secrets Manager secrets from a different account"
 * - parameters: Systems Manager user guide, "Working with shared parameters in Parameter Store"
 * - tables: DynamoDB developer guide, "Using resource-based policies for DynamoDB"
 * - buckets, whose ARNs have no account: S3 user guide, "Bucket owner granting cross-account bucket permissions"
 * - topics: SNS developer guide, "Example cases for Amazon SNS access control", alarms in a different account
 * - resource groups: RAM user guide, "Shareable AWS resources"
 */
export function arnsIn(file: ServingFile): readonly WrittenArn[] {
  const { account, state, alarms, entry, regions } = file;
  return [
    ...written(["account"], { assumeRole: account?.assumeRole }, "own"),
    ...written(["account"], { permissionsBoundary: account?.permissionsBoundary }, "own or of AWS"),
    ...written(["state"], { kmsKeyArn: state.kmsKeyArn }),
    ...written(["alarms", "topicArns"], alarms.topicArns),
    ...[
      { at: [], entry, observability: file.observability },
      ...Object.entries(regions).map(([name, region]) => ({ at: ["regions", name], ...region })),
    ].flatMap(({ at, entry: { certificateArn, webAclArn } = {}, observability }) => [
      ...written([...at, "entry"], { certificateArn, webAclArn }, "own"),
      ...written([...at, "observability"], { kmsKeyArn: (observability || undefined)?.kmsKeyArn }),
    ]),
    ...ofInstances(file),
  ];
}

/** ARNs in fields of instances, wherever these are written. */
function ofInstances(file: ServingFile): readonly WrittenArn[] {
  const layers = Object.keys(file.regions).flatMap((region) =>
    Object.entries(file.models).flatMap(([name, model]) =>
      Object.keys(variantsOf(model)).flatMap((variant) => instanceLayers(file, region, name, variant)),
    ),
  );
  return layers.flatMap(({ path, fields }) => {
    const {
      secrets = {},
      apiKey,
      registry,
      reads = [],
      kmsKeyArns = [],
      volume,
      capacityReservation,
    } = fields;
    return [
      ...written(path, { apiKey }),
      ...written([...path, "secrets"], secrets),
      ...written([...path, "registry"], { secret: registry?.secret }),
      ...written([...path, "reads"], reads),
      ...written([...path, "kmsKeyArns"], kmsKeyArns),
      ...written([...path, "volume"], { kmsKeyArn: volume?.kmsKeyArn }),
      ...written([...path, "capacityReservation"], {
        resourceGroupArn: capacityReservation?.resourceGroupArn,
      }),
    ];
  });
}

function written(
  path: Path,
  arns: readonly string[] | Readonly<Record<string, string | undefined>>,
  of?: WrittenArn["of"],
): readonly WrittenArn[] {
  const steps = Array.isArray(arns) ? [...arns.entries()] : Object.entries(arns);
  return steps.flatMap(([step, arn]) => (arn === undefined ? [] : [{ path: [...path, step], arn, of }]));
}
