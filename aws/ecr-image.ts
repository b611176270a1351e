/** A container image in a private registry of Amazon ECR. */
export interface EcrImage {
  /** The id of the account that owns the registry. */
  readonly account: string;
  readonly region: string;
  /** The repository, e.g. `team/vllm`, without tag and digest. */
  readonly repository: string;
}

/**
 * Reads the name of an image in Amazon ECR, e.g. `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/vllm:v1`.
 *
 * Source: Amazon ECR user guide, "Amazon ECR private registry"; AWS General Reference, "Amazon ECR endpoints and
 * quotas". boot/docker.sh signs in to the same registries.
 *
 * @returns `undefined` for an image of another registry
 */
export function parseEcrImage(image: string): EcrImage | undefined {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image) ?? [];
  return account === undefined || region === undefined || repository === undefined
    ? undefined
    : { account, region, repository };
}
