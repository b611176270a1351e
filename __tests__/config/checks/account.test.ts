import { testRules } from "../../support/rule-cases";

const account = (fields: string): readonly [string, string] => [
  "state:",
  `account: { id: "123456789012", ${fields} }\nstate:`,
];
const finding = (field: string, message: string) => `error  account.${field}  ${message}`;

describe("an account", () => {
  testRules([
    {
      name: "with a role, a boundary and a path of its own",
      changes: [
        account(
          "assumeRole: arn:aws:iam::123456789012:role/ci/deploy, permissionsBoundary: arn:aws:iam::123456789012:policy/boundary, rolePath: /serving/",
        ),
      ],
      expected: [],
    },
    {
      name: "with a boundary that AWS manages",
      changes: [account("permissionsBoundary: arn:aws:iam::aws:policy/PowerUserAccess")],
      expected: [],
    },
    {
      name: "without all its digits",
      changes: [["state:", 'account: { id: ▸"1234-5678-9012" }\nstate:']],
      expected: [
        finding("id", 'wrong-format  "1234-5678-9012" is not the id of an account, which has 12 digits'),
      ],
    },
    ...["123456789012", "012345678901", "000000000012"].map((id) => ({
      name: `with the id ${id} without quotes, of which YAML makes a number`,
      changes: [["state:", `account: { id: ▸${id} }\nstate:`]] as const,
      expected: [finding("id", `wrong-type  expected a string; got a number (${id}); put it in quotes`)],
    })),
    ...["0x1234", "1.2e11", "12345"].map((id) => ({
      name: `with the number ${id}, which is no id in quotes either`,
      changes: [["state:", `account: { id: ▸${id} }\nstate:`]] as const,
      expected: [finding("id", `wrong-type  "${id}" is not the id of an account, which has 12 digits`)],
    })),
    {
      name: "with a role of another account",
      changes: [account("assumeRole: ▸arn:aws:iam::210987654321:role/deploy")],
      expected: [
        finding(
          "assumeRole",
          "in-another-account  arn:aws:iam::210987654321:role/deploy is in account 210987654321, and account.id is 123456789012; name one of that account",
        ),
      ],
    },
    {
      name: "with a role that AWS manages, of which there are none",
      changes: [account("assumeRole: ▸arn:aws:iam::aws:role/deploy")],
      expected: [
        finding(
          "assumeRole",
          "in-another-account  arn:aws:iam::aws:role/deploy is in account aws, and account.id is 123456789012; name one of that account",
        ),
      ],
    },
    {
      name: "with a user in place of a role",
      changes: [account("assumeRole: ▸arn:aws:iam::123456789012:user/deploy")],
      expected: [
        finding(
          "assumeRole",
          'wrong-format  "arn:aws:iam::123456789012:user/deploy" is no ARN of a role; write it as arn:aws:iam::123456789012:role/deploy',
        ),
      ],
    },
    {
      name: "with a role without a name",
      changes: [account("assumeRole: ▸arn:aws:iam::123456789012:role/")],
      expected: ["error  account.assumeRole  wrong-format"],
    },
    {
      name: "with a boundary of another partition",
      changes: [account("permissionsBoundary: ▸arn:aws-cn:iam::123456789012:policy/boundary")],
      expected: [
        finding(
          "permissionsBoundary",
          "in-another-partition  is in partition aws-cn, and the deployment in aws, which share no accounts; name one that begins with arn:aws:",
        ),
      ],
    },
    ...["serving", "/serving", "serving/"].map((path) => ({
      name: `with the path ${path}`,
      changes: [account(`rolePath: ▸${path}`)],
      expected: [finding("rolePath", `wrong-format  "${path}" is not a path of IAM; write it as /serving/`)],
    })),
  ]);
});

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1234";
const WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chat/1234";
const elsewhere = (arn: string) => arn.replace("123456789012", "210987654321");
const DOMAIN = "domain: models.example.com";
const TIME = "    loadTime: 6m\n";

describe("ARNs outside the account", () => {
  testRules([
    {
      name: "a certificate and a web ACL of the account",
      changes: [account("rolePath: /"), [DOMAIN, `certificateArn: ${CERTIFICATE}\n  webAclArn: ${WEB_ACL}`]],
      expected: [],
    },
    {
      name: "a certificate and a web ACL of another account",
      changes: [
        account("rolePath: /"),
        [DOMAIN, `certificateArn: ▸${elsewhere(CERTIFICATE)}\n  webAclArn: ▸${elsewhere(WEB_ACL)}`],
      ],
      expected: [
        `error  entry.certificateArn  in-another-account  ${elsewhere(CERTIFICATE)} is in account 210987654321, and account.id is 123456789012; name one of that account`,
        `error  entry.webAclArn  in-another-account  ${elsewhere(WEB_ACL)} is in account 210987654321, and account.id is 123456789012; name one of that account`,
      ],
    },
    {
      name: "a certificate and a web ACL of another account in one region",
      changes: [
        account("rolePath: /"),
        [
          "  us-east-1:\n    network",
          `  us-east-1:\n    entry: { certificateArn: ▸${elsewhere(CERTIFICATE)}, webAclArn: ▸${elsewhere(WEB_ACL)} }\n    network`,
        ],
      ],
      expected: [
        "error  regions.us-east-1.entry.certificateArn  in-another-account",
        "error  regions.us-east-1.entry.webAclArn  in-another-account",
      ],
    },
    {
      name: "where the file names no account",
      changes: [[DOMAIN, `certificateArn: ${CERTIFICATE}\n  webAclArn: ${elsewhere(WEB_ACL)}`]],
      expected: [],
    },
    {
      name: "of others, who allow it",
      changes: [
        account("rolePath: /"),
        [
          TIME,
          `${TIME}    kmsKeyArns: [arn:aws:kms:us-east-1:210987654321:key/1234]\n    secrets: { HF_TOKEN: arn:aws:ssm:us-east-1:210987654321:parameter/hf-token }\n    reads: [arn:aws:s3:::example-shared/models/*, arn:aws:dynamodb:us-east-1:210987654321:table/features]\n    volume: { kmsKeyArn: arn:aws:kms:us-east-1:210987654321:key/5678 }\n`,
        ],
        ["  email: on-call@example.com", "  topicArns: [arn:aws:sns:us-east-1:210987654321:on-call]"],
      ],
      expected: [],
    },
  ]);
});

describe("ARNs outside the partition", () => {
  testRules([
    {
      name: "a web ACL whose region is right",
      changes: [[DOMAIN, `${DOMAIN}\n  webAclArn: ▸${WEB_ACL.replace("arn:aws:", "arn:aws-cn:")}`]],
      expected: [
        "error  entry.webAclArn  in-another-partition  is in partition aws-cn, and the deployment in aws, which share no accounts; name one that begins with arn:aws:",
      ],
    },
    {
      name: "a web ACL whose region is another too, told once",
      changes: [
        [
          DOMAIN,
          `${DOMAIN}\n  webAclArn: ▸arn:aws-cn:wafv2:cn-north-1:123456789012:regional/webacl/chat/1234`,
        ],
      ],
      expected: ["error  entry.webAclArn  in-another-region"],
    },
    {
      name: "folders in S3, whose ARNs have no region",
      changes: [[TIME, `${TIME}    reads: [arn:aws:s3:::example-a/*, ▸arn:aws-us-gov:s3:::example-b/*]\n`]],
      expected: ["error  models.llama.reads[1]  in-another-partition"],
    },
    {
      name: "a secret that one variant has in one region",
      changes: [
        [
          "  us-east-1:\n    network",
          "  us-east-1:\n    models:\n      llama:\n        variants:\n          stable: { secrets: { HF_TOKEN: ▸arn:aws-cn:ssm:us-east-1:123456789012:parameter/hf-token } }\n    network",
        ],
        [TIME, `${TIME}    variants: { stable: { weight: 100 } }\n`],
      ],
      expected: [
        "error  regions.us-east-1.models.llama.variants.stable.secrets.HF_TOKEN  in-another-partition",
      ],
    },
  ]);
});
