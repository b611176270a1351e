import { valid, validFile } from "../support/serving-file";
import { resourcesOfType, synthesized } from "../support/synthesis";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

function logGroups(observability: object | false | undefined) {
  const file = validFile();
  const { deployment } = valid({
    ...file,
    entry: {
      ...file.entry,
      waf: { requestsPerMinute: { address: 600, key: 600 } },
    },
    regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } } },
    ...(observability === undefined ? {} : { observability }),
  });
  return resourcesOfType(synthesized(deployment)["us-east-1"], "aws_cloudwatch_log_group");
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
  "CloudWatch Logs has the key with observability: %s",
  (observability) => {
    expect(logGroups(observability).map(({ kms_key_id }) => kms_key_id)).toEqual(
      logGroups(observability).map(() => undefined),
    );
  },
);
