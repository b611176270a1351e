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
