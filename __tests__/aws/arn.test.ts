import { ARN_FORMS, type ArnForm, parseArn } from "../../aws/arn";

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

const FORMS = Object.entries<ArnForm>(ARN_FORMS);

test.each(FORMS)("the form of %s takes its example, and of the others none of another kind", (name, form) => {
  const kindOf = (each: string) => (each === "keyOrAlias" ? "key" : each);
  const taken = FORMS.filter(([, { example }]) => form.pattern.test(example)).map(([each]) => kindOf(each));
  expect([...new Set(taken)]).toEqual([kindOf(name)]);
});

test.each<[keyof typeof ARN_FORMS, string]>([
  ["key", "arn:aws:kms:us-east-1:123456789012:alias/chat"],
  ["secret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-token"],
  ["secret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:*"],
  ["parameter", "arn:aws:ssm:us-east-1::parameter/aws/service/x"],
  ["loadBalancer", "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/chat/0123"],
  ["instanceProfile", "arn:aws:iam::123456789012:role/chat"],
])("the form of %s does not take %s", (name, arn) => {
  expect(ARN_FORMS[name].pattern.test(arn)).toBe(false);
});
