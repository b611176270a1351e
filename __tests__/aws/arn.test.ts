import { parseArn } from "../../aws/arn";

test("an ARN has five parts, and the last one may have colons and slashes of its own", () => {
  expect(parseArn("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:hf/token-AbCdEf")).toEqual({
    partition: "aws-cn",
    service: "secretsmanager",
    region: "cn-north-1",
    account: "123456789012",
    resource: "secret:hf/token-AbCdEf",
  });
});

test("what belongs to no region and no account says so by empty parts", () => {
  expect(parseArn("arn:aws:s3:::example-bucket")).toMatchObject({ region: "", account: "" });
});

test.each([
  undefined,
  "",
  "example",
  "arn:aws:kms",
  "arn:aws:kms:eu-west-1:123456789012:",
  "arn::kms:::key/1",
])("%j is no ARN", (text) => {
  expect(parseArn(text)).toBeUndefined();
});
