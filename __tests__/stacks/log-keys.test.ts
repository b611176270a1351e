// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { valid, validFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function regionWith(observability: object | false | undefined, entry: object = {}) {
  const file = validFile();
  const { deployment } = valid({
    ...file,
    entry: {
      ...file.entry,
      ...entry,
      waf: { requestsPerMinute: { address: 600, key: 600 } },
    },
    regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } } },
    ...(observability === undefined ? {} : { observability }),
  });
  return synthesized(deployment)["us-east-1"];
}

function logGroups(observability: object | false | undefined) {
  return resourcesOfType(regionWith(observability), "aws_cloudwatch_log_group");
}

test("one key encrypts every log group of a region: of the instances, of the VPC and of the web ACL", () => {
  const groups = logGroups({ kmsKeyArn: KEY });
  const names = groups.map(({ name }) => name).join(" ");
  expect(names).toContain("flow-logs");
  expect(names).toContain("aws-waf-logs-");
  expect(groups.length).toBeGreaterThan(2);
  expect(groups.map(({ kms_key_id }) => kms_key_id)).toEqual(groups.map(() => KEY));
});

test.each([[undefined], [false as const]])(
  "a key that the region makes encrypts them all, with observability: %s",
  (observability) => {
    const region = regionWith(observability);
    expect(logGroups(observability).map(({ kms_key_id }) => kms_key_id)).toEqual(
      logGroups(observability).map(() => "${aws_kms_key.logs_key.arn}"),
    );
    expect(region.resource.aws_kms_key.logs_key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
    });
    expect(region).not.toHaveProperty("removed");
  },
);

test("with a key of one's own, Terraform forgets the one that the region made, beside a bucket of logs", () => {
  const ofKey = { from: "aws_kms_key.logs_key", lifecycle: { destroy: false } };
  expect(regionWith({ kmsKeyArn: KEY }).removed).toEqual([ofKey]);
  const both = regionWith({ kmsKeyArn: KEY }, { logs: { access: false, connections: false } }).removed;
  expect(both).toContainEqual(ofKey);
  expect(both).toContainEqual({ from: "aws_s3_bucket.entry_logs", lifecycle: { destroy: false } });
});

test("a region that writes no logs to CloudWatch makes no key", () => {
  const file = validFile();
  const { deployment } = valid({
    ...file,
    observability: false,
    regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16", flowLogs: false } } } },
  });
  expect(synthesized(deployment)["us-east-1"].resource.aws_kms_key).not.toHaveProperty("logs_key");
});
