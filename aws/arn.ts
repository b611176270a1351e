/** The parts of an Amazon Resource Name. Source: IAM user guide, "Identify AWS resources with Amazon Resource Names". */
export interface Arn {
  /** e.g. `aws`, `aws-cn`. */
  readonly partition: string;
  /** e.g. `kms`. */
  readonly service: string;
  /** e.g. `eu-west-1`; empty for what belongs to no region. */
  readonly region: string;
  /** The id of the account; empty for what belongs to none. */
  readonly account: string;
  /** All that follows, with colons and slashes of its own, e.g. `key/0a1b`. */
  readonly resource: string;
}

/** @returns `undefined` for what is no ARN */
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
