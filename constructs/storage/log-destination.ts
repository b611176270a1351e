import { LOG_FOLDER } from "../../aws/limits";

/** Where a load balancer delivers one kind of log. */
export interface LogDestination {
  /** Name of the bucket. It must be in the region of the load balancer and use SSE-S3; see `LogBucket`. */
  readonly bucket: string;

  /**
   * Folder in the bucket, without a slash at either end and without the word `AWSLogs`, which Elastic Load Balancing
   * adds itself.
   *
   * @default the root of the bucket
   */
  readonly prefix?: string;
}

/**
 * Refuses a prefix under which Elastic Load Balancing would deliver no logs. Neither `terraform validate` nor
 * `terraform plan` checks it.
 *
 * @throws Error when the prefix holds `AWSLogs`, is empty, or begins or ends with a slash
 */
export function requireLogPrefix(prefix: string): void {
  if (prefix.includes(LOG_FOLDER.name)) {
    throw new Error(
      `log prefix "${prefix}" must not contain "${LOG_FOLDER.name}": the load balancer adds that part itself`,
    );
  }
  if (prefix === "" || prefix.startsWith("/") || prefix.endsWith("/")) {
    throw new Error(
      `log prefix "${prefix}" must be a folder name without a slash at either end; leave it out for the root of the bucket`,
    );
  }
}
