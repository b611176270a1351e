import { type Asked, permissions } from "../../../testing/iam/permissions";

const ROLE = { role: `\${aws_iam_role.own.name}` };

/** What a role allows that has these statements in a policy of its own, and others in one that is attached. */
function allowed(statements: readonly object[], attached: readonly object[] = []) {
  const document = (Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  return permissions(
    {
      resource: {
        aws_launch_template: {
          own: { iam_instance_profile: { arn: `\${aws_iam_instance_profile.own.arn}` } },
        },
        aws_iam_instance_profile: { own: ROLE },
        aws_iam_role: { own: {} },
        aws_iam_role_policy: { own: { ...ROLE, policy: document(statements) } },
        aws_iam_role_policy_attachment: {
          own: { ...ROLE, policy_arn: `\${aws_iam_policy.other.arn}` },
          foreign: { ...ROLE, policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        },
        aws_iam_policy: { other: { policy: document(attached) } },
      },
    },
    "own",
  );
}

const read = (Resource: string, more: object = {}) => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource,
  ...more,
});
const ask = (resource: string): Asked => ({ action: "s3:GetObject", resource });

it("allows a call on a resource that a statement names", () => {
  const allows = allowed([read("arn:aws:s3:::acme/llama/*")]);
  expect(allows(ask("arn:aws:s3:::acme/llama/a.json"))).toBe(true);
  expect(allows(ask("arn:aws:s3:::acme/other/a.json"))).toBe(false);
  expect(allows({ ...ask("arn:aws:s3:::acme/llama/a.json"), action: "s3:PutObject" })).toBe(false);
});

it("knows what only an apply shows by its form", () => {
  const allows = allowed([read(`arn:\${data.aws_partition.own.partition}:s3:::acme/*`)]);
  expect(allows(ask("arn:aws:s3:::acme/a"))).toBe(true);
  expect(allows(ask("arn:aws:s3:::other/a"))).toBe(false);
});

it("reads the policies that are attached, and allows nothing for one that is not in the stack", () => {
  const allows = allowed([], [read("arn:aws:s3:::acme/*")]);
  expect(allows(ask("arn:aws:s3:::acme/a"))).toBe(true);
  expect(allows(ask("arn:aws:s3:::other/a"))).toBe(false);
});

it("denies what one statement allows and another denies", () => {
  const allows = allowed([read("*"), read("arn:aws:s3:::acme/secret/*", { Effect: "Deny" })]);
  expect(allows(ask("arn:aws:s3:::acme/a"))).toBe(true);
  expect(allows(ask("arn:aws:s3:::acme/secret/a"))).toBe(false);
});

it("allows under a condition what meets it", () => {
  const list = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme" };
  const allows = allowed([{ ...list, Condition: { StringLike: { "s3:prefix": "llama/*" } } }]);
  const asked = (prefix: string): Asked => ({
    action: "s3:ListBucket",
    resource: "arn:aws:s3:::acme",
    context: { "s3:prefix": [prefix] },
  });
  expect(allows(asked("llama/"))).toBe(true);
  expect(allows(asked("other/"))).toBe(false);
});

it("is of a role in the stack only", () => {
  expect(() => permissions({ resource: { aws_launch_template: { own: {} } } }, "own")).toThrow(
    "aws_launch_template.own: its role is not in the stack",
  );
});
