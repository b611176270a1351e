import { MASKED, Unreadable } from "../../review/deployment";
import { fromPlans } from "../../review/read-plan";
import { review } from "../../review/review";
import type { Json } from "../../testing/terraform/json";
import { changedPlan, planFile } from "./plans";

const wrong = (text: string) => () => fromPlans([{ file: "us-east-1.json", text }]);

describe("what is no plan is a sentence", () => {
  test.each<[string, string, RegExp]>([
    ["empty", "", /us-east-1\.json is empty/],
    ["white space", " \n", /is empty/],
    ["broken off", planFile("nothing").text.slice(0, 5000), /is broken off/],
    ["a plan as Terraform keeps it", "PK\u0003\u0004", /is a plan as Terraform keeps it/],
    ["a text", "No changes.", /is no JSON/],
    ["a number", "5", /is no plan of Terraform/],
    ["a list", "[]", /is no plan of Terraform/],
    ["null", "null", /is no plan of Terraform/],
    ["an object", "{}", /is no plan of Terraform/],
    ["a state", '{"format_version":"1.0","values":{}}', /is a state/],
    ["Terraform JSON", '{"resource":{}}', /--against <revision>/],
    ["a log", '{"@level":"info"}\n{"@level":"info"}', /is the log of terraform plan -json/],
    ["another version", '{"format_version":"2.0","resource_changes":[]}', /has the format 2\.0/],
    [
      "a change without actions",
      '{"format_version":"1.2","resource_changes":[{"address":"a.b"}]}',
      /no Terraform writes/,
    ],
    ["changes that are no list", '{"format_version":"1.2","resource_changes":{}}', /no Terraform writes/],
  ])("%s", (_, text, says) => {
    expect(wrong(text)).toThrow(Unreadable);
    expect(wrong(text)).toThrow(says);
  });
});

test("plans of two deployments are not one review", () => {
  const other = changedPlan("nothing", (plan) => {
    for (const { address, change } of plan.resource_changes) {
      if (address === "terraform_data.deployment-name") {
        change.after = { input: { name: "search" } };
      }
    }
  });
  expect(() => fromPlans([planFile("nothing"), { ...other, file: "eu-west-1.json" }])).toThrow(
    "us-east-1.json plans the deployment chat, and eu-west-1.json plans search",
  );
});

test("two plans of a stack are not one review", () => {
  const [one, other] = [planFile("nothing"), planFile("image")];
  expect(() => fromPlans([one, { ...other, file: "older/us-east-1.json" }])).toThrow(
    "two plans are of the stack us-east-1",
  );
});

test("a plan of another project is read, and named so", () => {
  const bucket = { bucket: "logs" };
  const change = { actions: ["create"], before: null, after: bucket, after_unknown: { arn: true } };
  const resource_changes = [
    { address: "aws_s3_bucket.b", mode: "managed", type: "aws_s3_bucket", name: "b", change },
  ];
  const read = fromPlans([
    { file: "a.json", text: JSON.stringify({ format_version: "1.2", resource_changes }) },
  ]);
  expect(read.name).toBeUndefined();
  expect(read.notes).toEqual([
    "a.json names no deployment of this project, so it is read as any Terraform plan.",
  ]);
  expect(review(read).consequences.map(({ kind, addresses }) => [kind, addresses])).toEqual([
    ["new", ["aws_s3_bucket.b"]],
  ]);
});

test("a plan that ended with an error says that it is not whole", () => {
  const plan = changedPlan("image", (json) => {
    json.errored = true;
  });
  expect(fromPlans([plan]).notes.join()).toContain("does not show all that would change");
  expect(review(fromPlans([plan])).verdict.line).toBe("will be refused: us-east-1");
});

test("what is sensitive stays masked", () => {
  const secret = "hunter2-hunter2";
  const plan = changedPlan("image", (json) => {
    for (const { change } of json.resource_changes.filter(
      ({ type, change: { actions } }: (typeof json.resource_changes)[0]) =>
        type === "aws_launch_template" && actions[0] === "update",
    )) {
      change.before.user_data = secret;
      change.after.user_data = `${secret}!`;
      change.before_sensitive = { user_data: true };
      change.after_sensitive = { user_data: true };
    }
  });
  const read = review(fromPlans([plan]));
  expect(JSON.stringify(read)).not.toContain(secret);
  const template = read.deployment.stacks[0]?.changes.find(
    ({ type, action }) => type === "aws_launch_template" && action === "update",
  );
  expect(template?.differences).toContainEqual({ path: "user_data", before: MASKED, after: MASKED });
});

test("the text of a tag is a change that nobody notices", () => {
  const plan = changedPlan("nothing", (json) => {
    const { change } = json.resource_changes.find(({ type }: { type: string }) => type === "aws_lb");
    change.actions = ["update"];
    change.after = { ...change.before, tags: { team: "serving" } };
  });
  const { verdict, consequences } = review(fromPlans([plan]));
  expect(verdict.kind).toBe("keeps serving");
  expect(consequences.map(({ kind, says }) => [kind, says])).toEqual([
    ["other", "us-east-1: 1 resource changed in place, which nobody notices"],
  ]);
});

test("50 MB take seconds", () => {
  const plan = changedPlan("nothing", (json) => {
    const policy = "x".repeat(5000);
    for (let index = 0; index < 10_000; index += 1) {
      const change = { actions: ["create"], before: null, after: { policy }, after_unknown: {} };
      const address = `aws_iam_policy.p${index}`;
      json.resource_changes.push({
        address,
        mode: "managed",
        type: "aws_iam_policy",
        name: `p${index}`,
        change,
      });
    }
  });
  expect(plan.text.length).toBeGreaterThan(50e6);
  expect(review(fromPlans([plan])).consequences.map(({ says }) => says)).toEqual([
    "us-east-1: 10000 resources made",
  ]);
});

test("another project's instance that is replaced with a gap interrupts", () => {
  const change = { actions: ["delete", "create"], before: { ami: "a" }, after: { ami: "b" } };
  const resource = { address: "aws_instance.web", type: "aws_instance", mode: "managed", change };
  const text = JSON.stringify({ format_version: "1.2", resource_changes: [resource] });
  expect(review(fromPlans([{ file: "web.json", text }])).verdict.line).toBe("interrupts what web serves");
});

test("a region that a variable says is known, and resources in modules are said", () => {
  const file = changedPlan("image", (plan) => {
    plan.variables = { region: { value: "eu-west-3" } };
    plan.configuration.provider_config.aws.expressions.region = { references: ["var.region"] };
    for (const each of plan.resource_changes.filter(({ type }: Json) => type === "aws_launch_template")) {
      each.module_address = "module.serving";
    }
  });
  const { stacks, notes } = fromPlans([file]);
  expect(stacks.map(({ region }) => region)).toEqual(["eu-west-3"]);
  expect(notes).toContain(
    "us-east-1.json changes 1 resource in modules: each is told by itself, not what they do together.",
  );
});

test("what an earlier replacement has left over, and a plan deletes, is no change of nothing", () => {
  const file = changedPlan("nothing", (plan) => {
    const [first] = plan.resource_changes;
    const change = { ...first.change, actions: ["delete"], after: null };
    plan.resource_changes.push({ ...first, deposed: "0a1b2c3d", change });
  });
  const found = review(fromPlans([file]));
  expect(found.verdict.line).toBe("keeps serving");
  expect(found.deployment.notes).toContainEqual(expect.stringMatching(/also deletes 1 that an earlier/));
});
