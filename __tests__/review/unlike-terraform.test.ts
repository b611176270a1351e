/** Changes that Terraform plans as if nothing were to them, or as if more were, each with what it comes to. */
import { fromSynthesized } from "../../review/read-synthesized";
import { review } from "../../review/review";
import { failOnIn, failures } from "../../scripts/review/fail-on";
import type { Json } from "../../testing/terraform/json";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { saidBy } from "./plans";
import { reviewOfFiles } from "./synthesized";

const withModel = (change: object): WrittenFile =>
  ({ ...validFile(), models: { llama: { ...validModel(), ...change } } }) as WrittenFile;
const withFields = (fields: object): WrittenFile => ({ ...validFile(), ...fields }) as WrittenFile;

const withAccount = (more: object) => withFields({ account: { id: "123456789012", ...more } });

function reviewOf(change: (resource: Json) => void) {
  const stacks = (): Record<string, Json> =>
    structuredClone({ ...synthesized(valid(validFile()).deployment) } as Record<string, Json>);
  const [before, after] = [stacks(), stacks()];
  change(after["us-east-1"].resource);
  return review(fromSynthesized(before, after), {});
}

test("logs that are kept for a shorter time are lost, and for a longer one are not", () => {
  const [year, month] = ["365d", "30d"].map((logRetention) =>
    withFields({ observability: { logRetention } }),
  );
  if (year === undefined || month === undefined) {
    throw new Error("two files");
  }
  const found = reviewOfFiles(year, month);
  const lost = found.consequences.filter(({ kind }) => kind === "cannot be undone");
  expect(lost.flatMap(({ details }) => details)).toContainEqual(
    expect.stringMatching(/retention_in_days 365 → 30: what is older is deleted$/),
  );
  expect(failures(found, failOnIn("undo"))).toEqual(["--fail-on undo"]);
  expect(failures(reviewOfFiles(month, year), failOnIn("undo"))).toEqual([]);
});

test("a rollout that leaves nothing in service meanwhile interrupts its model", () => {
  const rollout = { minHealthy: 0, maxHealthy: 100 };
  const accept = { "rollout-takes-all-instances": "it is a test" };
  const [before, after] = ["v0.28.0", "v0.29.0"].map((tag) => ({
    ...withModel({ rollout, image: `vllm/vllm-openai:${tag}` }),
    accept,
  }));
  const found = reviewOfFiles(before as WrittenFile, after as WrittenFile);
  expect(found.verdict.line).toMatch(/^interrupts llama main; rolls 3 of 3 instances/);
});

test("a health check that takes more answers interrupts nobody, and one that takes others does", () => {
  const lineOf = (before: string, after: string) =>
    reviewOfFiles(withModel({ health: { matcher: before } }), withModel({ health: { matcher: after } }))
      .verdict.line;
  expect(lineOf("200", "200-299")).toMatch(/^keeps serving; rolls/);
  expect(lineOf("200,204", "200-204")).toMatch(/^keeps serving; rolls/);
  expect(lineOf("200-299", "200")).toMatch(/^interrupts llama main; rolls/);
  expect(lineOf("200", "204")).toMatch(/^interrupts llama main; rolls/);
});

test("another path of the roles makes new ones first, as all that depends on them does", () => {
  const found = reviewOfFiles(withAccount({}), withAccount({ rolePath: "/serving/" }));
  expect(found.verdict.line).toMatch(/^keeps serving; rolls 3 of 3 instances/);
});

test("another account, and another bucket of the states, are refused, with what to do", () => {
  const refusalsOf = (before: WrittenFile, after: WrittenFile) => {
    const { verdict, deployment } = reviewOfFiles(before, after);
    expect(verdict.kind).toBe("refused");
    return deployment.stacks.flatMap(({ refusals }) => refusals);
  };
  expect(refusalsOf(withAccount({}), withAccount({ id: "210987654321" }))).toContainEqual(
    expect.stringMatching(/compare the account .* Deploy a copy of the file/s),
  );
  const bucket = { ...validFile().state, bucket: "another-tfstate" };
  const refused = refusalsOf(validFile(), withFields({ state: bucket }));
  expect(refused).toContainEqual(expect.stringMatching(/Copy the states/));
  expect(refused).toContainEqual(
    "aws_s3_bucket.state would be replaced because of bucket, and prevent_destroy forbids it.",
  );
});

test("an id of the account that is added changes nothing", () => {
  const endpoint = globalEndpointFile({ routing: "latency" });
  const found = reviewOfFiles(endpoint, { ...endpoint, account: { id: "123456789012" } });
  expect(found.verdict.kind).toBe("changes nothing");
  expect(saidBy(found)).toEqual([]);
});

test("another name is refused, and takes no logs away", () => {
  expect(
    reviewOfFiles(validFile(), withFields({ name: "search" })).exposure.map(({ says }) => says),
  ).not.toContain("the load balancer writes these logs no longer");
});

test("interface endpoints that go close nothing to clients", () => {
  const network = (create: object) =>
    withFields({ regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16", ...create } } } } });
  const found = reviewOfFiles(network({ endpoints: true }), network({}));
  expect(found.consequences.flatMap(({ interrupts }) => interrupts ?? [])).toEqual([]);
});

describe("rights that grow without another policy", () => {
  const DENY = { Effect: "Deny", Action: "s3:DeleteObject", Resource: "*" };
  const roleIn = ({ aws_iam_role }: Json) => Object.keys(aws_iam_role)[0] ?? "";
  const exposed = (change: (resource: Json) => void) => reviewOf(change).exposure.map(({ says }) => says);

  test("by a new policy of a role that was there", () => {
    expect(
      exposed((resource) => {
        const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
        resource.aws_iam_role_policy = {
          ...resource.aws_iam_role_policy,
          more: { role: `\${aws_iam_role.${roleIn(resource)}.id}`, policy },
        };
      }),
    ).toEqual(["may now * on *"]);
  });

  test("by a policy of AWS's that is attached", () => {
    expect(
      exposed((resource) => {
        resource.aws_iam_role_policy_attachment.more = {
          role: `\${aws_iam_role.${roleIn(resource)}.name}`,
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        };
      }),
    ).toEqual([
      expect.stringMatching(/may now do what arn:aws:iam::aws:policy\/AdministratorAccess allows$/),
    ]);
  });

  test("by a boundary that goes, and one that is denied no longer", () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
    const found = reviewOfFiles(withAccount({ permissionsBoundary }), withAccount({}));
    expect(found.exposure.map(({ says }) => says)).toContain(
      "no boundary limits the permissions of the role any more",
    );
    const policy = (...statements: object[]) => ({
      role: {
        resource: {
          aws_iam_policy: { one: { name: "one", policy: JSON.stringify({ Statement: statements }) } },
        },
      },
    });
    const allow = { Effect: "Allow", Action: "s3:*", Resource: "*" };
    const denied = review(fromSynthesized(policy(allow, DENY), policy(allow)), {});
    expect(denied.exposure.map(({ says }) => says)).toEqual(["is denied no longer to s3:DeleteObject on *"]);
  });
});
