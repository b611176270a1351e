import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid } from "../support/serving-file";
import { type Json, resourcesOf, resourcesOfType, synthesized } from "../support/synthesis";

const account = {
  id: "123456789012",
  assumeRole: "arn:aws:iam::123456789012:role/deploy",
  permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary",
  rolePath: "/serving/",
};
const stacks = Object.entries(
  synthesized(valid({ ...globalEndpointFile({ routing: "latency" }), account }).deployment),
);
const ofType = (type: string) => stacks.flatMap(([, stack]) => resourcesOfType(stack, type));

describe("a plan is refused with the credentials of another account", () => {
  test.each(stacks)("by each provider of %s", (_, { provider }) => {
    for (const each of provider.aws) {
      expect(each).toMatchObject({
        allowed_account_ids: [account.id],
        assume_role: [{ role_arn: account.assumeRole }],
      });
    }
  });

  test.each(stacks.filter(([name]) => name !== "state"))("by the backend of %s", (_, { terraform }) => {
    expect(terraform.backend.s3).toMatchObject({
      allowed_account_ids: [account.id],
      assume_role: { role_arn: account.assumeRole },
    });
  });

  test("by what reads the states of the regions", () => {
    const read = stacks.flatMap(([, { data }]) => Object.values<Json>(data?.terraform_remote_state ?? {}));
    expect(read.length).toBeGreaterThan(1);
    for (const { config } of read) {
      expect(config).toMatchObject({
        allowed_account_ids: [account.id],
        assume_role: { role_arn: account.assumeRole },
      });
    }
  });
});

test("every role has the boundary, and is under the path", () => {
  const roles = ofType("aws_iam_role");
  // One of the flow logs, and one of the instances, in each of two regions.
  expect(roles).toHaveLength(4);
  for (const role of roles) {
    expect(role).toMatchObject({ permissions_boundary: account.permissionsBoundary, path: "/serving/" });
  }
});

test("everything that IAM files by path is under the path", () => {
  // Source: the provider's documentation of these resources, argument path.
  const types = stacks.flatMap(([, stack]) =>
    [...resourcesOf(stack).keys()].map((each) => each.split(".")[0] ?? ""),
  );
  const filed = new Set(
    types.filter((type) => /^aws_iam_(role|policy|instance_profile|user|group)$/.test(type)),
  );
  expect([...filed].sort()).toEqual(["aws_iam_instance_profile", "aws_iam_policy", "aws_iam_role"]);
  for (const resource of [...filed].flatMap(ofType)) {
    expect(resource).toMatchObject({ path: "/serving/" });
  }
});
