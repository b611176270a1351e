import { parseArn } from "../../aws/arn";
import type { InstanceSettings } from "./overrides";

/** What a server may read itself, by kind. */
export interface Reads {
  /** Folders in S3, as `s3://bucket/prefix`. */
  readonly folders: readonly string[];
  /** ARNs of secrets in Secrets Manager, and of Systems Manager parameters. */
  readonly secrets: readonly string[];
  /** ARNs of DynamoDB tables. */
  readonly tables: readonly string[];
}

/** The kinds of what `reads` names. */
export function readsOf({ reads }: Pick<InstanceSettings, "reads">): Reads {
  const of = (...services: readonly string[]) =>
    reads.filter((read) => services.includes(parseArn(read)?.service ?? ""));
  return {
    folders: reads.flatMap((read) => folderIn(read) ?? []),
    secrets: of("secretsmanager", "ssm"),
    tables: of("dynamodb"),
  };
}

/** The folder of an address in S3, or of the ARN of a bucket or its objects; undefined for what is no folder. */
function folderIn(read: string): string | undefined {
  const arn = parseArn(read);
  return arn === undefined
    ? read
    : arn.service === "s3"
      ? `s3://${arn.resource.replace(/\*$/, "")}`
      : undefined;
}
