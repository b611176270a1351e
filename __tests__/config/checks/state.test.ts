import { testRules } from "../../support/rule-cases";

const BUCKET = "bucket: example-chat-tfstate";
const bucket = (name: string): readonly [string, string] => [BUCKET, `bucket: ${name}`];

describe("the state bucket", () => {
  const refused = (name: string, reason: string) => ({
    name: `not ${name}`,
    changes: [bucket(`▸${name}`)],
    expected: [
      `error  state.bucket  bucket-name-refused  "${name}" ${reason}, which S3 refuses; choose another name`,
    ],
  });
  testRules([
    refused("chat..tfstate", "holds a dot beside another dot or a hyphen"),
    refused("chat.-tfstate", "holds a dot beside another dot or a hyphen"),
    refused("chat-.tfstate", "holds a dot beside another dot or a hyphen"),
    refused("192.168.5.4", "is written like an IP address"),
    ...["xn--chat", "sthree-chat", "amzn-s3-demo-chat"].map((name) =>
      refused(name, "begins with a prefix that AWS reserves"),
    ),
    ...["chat-s3alias", "chat--ol-s3", "chat.mrap", "chat--x-s3", "chat--table-s3"].map((name) =>
      refused(name, "ends with a suffix that AWS reserves"),
    ),
    { name: "chat--tfstate", changes: [bucket("chat--tfstate")], expected: [] },
    ...["chat.tfstate", "192.168.5.4.5"].map((name) => ({
      name: `not ${name}`,
      changes: [bucket(`▸${name}`)],
      expected: [
        `error  state.bucket  bucket-name-refused  "${name}" holds a dot, and TLS does not work with the address of such a bucket; use hyphens`,
      ],
    })),
  ]);
});

describe("the key of the state bucket", () => {
  testRules([
    {
      name: "in another region than the bucket",
      changes: [[BUCKET, `${BUCKET}\n  kmsKeyArn: ▸arn:aws:kms:eu-west-1:123456789012:key/1`]],
      expected: [
        "error  state.kmsKeyArn  in-another-region  the key is in eu-west-1, and the bucket in us-east-1; use a key of us-east-1",
      ],
    },
    {
      name: "in the bucket's region",
      changes: [[BUCKET, `${BUCKET}\n  kmsKeyArn: arn:aws:kms:us-east-1:123456789012:key/1`]],
      expected: [],
    },
  ]);
});

describe("a region", () => {
  testRules([
    {
      name: "in another partition than the state",
      changes: [["  us-east-1:\n", "  ▸cn-north-1:\n"]],
      expected: [
        "error  regions.cn-north-1  partitions-mixed  cn-north-1 is in partition aws-cn and the state in aws, which share no accounts; make another deployment",
        "warning  regions.cn-north-1  region-not-recorded",
      ],
    },
    {
      name: "in the partition of the state",
      changes: [
        ["  us-east-1:\n", "  ▸us-gov-west-1:\n"],
        ["region: us-east-1", "region: us-gov-east-1"],
      ],
      expected: ["warning  regions.us-gov-west-1  region-not-recorded"],
    },
  ]);
});
