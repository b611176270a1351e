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
          "in-another-account  arn:aws-cn:iam::123456789012:policy/boundary is in partition aws-cn, and the deployment in aws; name one of account 123456789012",
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
