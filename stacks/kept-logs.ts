import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { LOG_BUCKET_RESOURCES } from "../constructs/storage/log-bucket";
import { forget } from "./forget";

/**
 * Has Terraform forget a bucket of logs that it no longer makes, with its settings, instead of deleting it: S3 deletes no
 * bucket that is not empty, and the logs belong to whoever turned them off. They go on to expire by the bucket's own
 * rule. Where there never was a bucket it does nothing.
 *
 * @param scope the scope the bucket was made in
 * @param id the id that it had there
 */
export function keepLogs(scope: Construct, id: string): void {
  const stack = TerraformStack.of(scope);
  const path = scope.node.scopes.slice(scope.node.scopes.indexOf(stack) + 1).map(({ node }) => node.id);
  const bucket = [...path, id].join("_");
  forget(
    scope,
    Object.entries(LOG_BUCKET_RESOURCES).map(([type, part]) =>
      [`${type}.${bucket}`, ...(part === "" ? [] : [part])].join("_"),
    ),
  );
}
