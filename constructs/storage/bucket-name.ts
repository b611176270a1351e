import { Token } from "cdktf";
import { BUCKET_NAME, BUCKET_NAME_REFUSALS } from "../../aws/limits";
import { requireText } from "../require-within";

/**
 * Refuses, at synthesis, a name that no bucket of S3 has. It accepts a token.
 *
 * @param what the name of the value in the message, e.g. `bucketName`
 * @param limit the length and characters; a bucket that is made here may have narrower ones
 * @throws Error when S3 would refuse the name
 */
export function requireBucketName(
  what: string,
  name: string,
  limit: Parameters<typeof requireText>[2] = BUCKET_NAME,
): void {
  requireText(what, name, limit);
  if (Token.isUnresolved(name)) {
    return;
  }
  const { reason } = BUCKET_NAME_REFUSALS.rules.find(({ pattern }) => pattern.test(name)) ?? {};
  if (reason !== undefined) {
    throw new Error(`${what} "${name}" ${reason}, which S3 refuses`);
  }
}
