// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Json } from "../support/synthesis";
import { LOCK_FILE } from "./provider-lock";
import { suite } from "./suite";
import { createWorkspace } from "./workspace";

/** A stack of one resource. */
function stackOf(type: string, resource: Json): Json {
  return {
    terraform: { required_providers: { aws: { source: "hashicorp/aws" } } },
    provider: { aws: [{ region: "us-east-1" }] },
    resource: { [type]: { it: resource } },
  };
}

suite("a workspace", (around) => {
  test("tells of all stacks what is wrong with them, and warnings, though Terraform does nothing but plan", async () => {
    const { complaints, created } = await createWorkspace("workspace", around()).judge({
      right: stackOf("aws_sns_topic", { name: "right" }),
      unknown: stackOf("aws_sns_topic", { name: "unknown", colour: "red" }),
      refused: stackOf("aws_sqs_queue", { name: "refused", visibility_timeout_seconds: 50_000 }),
      nowhere: stackOf("aws_sns_topic", { name: "${aws_sns_topic.other.name}" }),
      old: stackOf("aws_s3_bucket", { bucket: "old", acl: "private" }),
    });
    expect([...complaints].sort()).toEqual([
      "error: module.refused.aws_sqs_queue.it: expected visibility_timeout_seconds to be in the range (0 - 43200), got 50000: ",
      'error: stacks/nowhere/cdk.tf.json: Reference to undeclared resource: A managed resource "aws_sns_topic" "other" has not been declared in module.nowhere.',
      'error: stacks/unknown/cdk.tf.json: Extraneous JSON object property: No argument or block type is named "colour".',
      "warning: module.old.aws_s3_bucket.it: Argument is deprecated: acl is deprecated. Use the aws_s3_bucket_acl resource instead.",
    ]);
    expect(created).toEqual({ right: 0, unknown: 0, refused: 0, nowhere: 0, old: 0 });
    // Terraform would write the checksum of the provider here, and then compare it at every command.
    const lock = readFileSync(path.join(around().folder, "workspace", LOCK_FILE), "utf8");
    expect(lock).not.toContain("hashes");
  });
});
