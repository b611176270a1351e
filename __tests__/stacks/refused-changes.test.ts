import { CHANGES, changeOf } from "../../config/plan/changes";
import { valid, validFile } from "../support/serving-file";
import { type Json, synthesized } from "../support/synthesis";

const { resource, removed }: Json = synthesized(valid(validFile()).deployment)["us-east-1"];
const [balancer]: Json[] = Object.values(resource.aws_lb);

/** The error of each condition in a stack, by the id of the change that it refuses. */
const errors: Readonly<Record<string, string>> = {
  name: resource.terraform_data["deployment-name"].lifecycle.postcondition[0].error_message,
  "zone-left": balancer.lifecycle.precondition.at(-1).error_message,
  ...Object.fromEntries(
    CHANGES.filter(({ remembers }) => remembers !== undefined).map(({ id }) => [
      id,
      resource.terraform_data[`deployed-${id}`].lifecycle.postcondition[0].error_message,
    ]),
  ),
};
const refused = CHANGES.filter(({ way }) => way === "refused");

test("every change that the table calls refused is refused by a condition in the stack", () => {
  expect(Object.keys(errors).sort()).toEqual(refused.map(({ id }) => id).sort());
});

test.each(refused.filter(({ id }) => id !== "name").map(({ id }) => id))(
  "the refusal of %s says what AWS does, and the steps",
  (id) => {
    const { aws, steps } = changeOf(id);
    for (const sentence of [aws, ...steps, "See docs/changes.md."]) {
      expect(errors[id]).toContain(sentence);
    }
  },
);

test("a value is stored at the first deploy and compared from then on", () => {
  expect(resource.terraform_data["deployed-scheme"]).toMatchObject({
    input: { value: "internet-facing" },
    lifecycle: {
      ignore_changes: ["input"],
      postcondition: [{ condition: `\${self.output.value == "internet-facing"}` }],
    },
  });
});

test("all else waits for the name, and the name for what else is remembered", () => {
  expect(resource.terraform_data["deployment-name"].depends_on.sort()).toEqual([
    "terraform_data.deployed-network",
    "terraform_data.deployed-scheme",
    "terraform_data.deployed-zone-naming",
  ]);
  expect(resource.terraform_data["deployed-scheme"].depends_on).toBeUndefined();
  expect(balancer.depends_on).toContain("terraform_data.deployment-name");
});

describe("the bucket of the load balancer's logs", () => {
  const without = (logs: object) => {
    const file = validFile();
    return synthesized(valid({ ...file, entry: { ...file.entry, logs } }).deployment)["us-east-1"] as Json;
  };
  /** Everything on or around the bucket that is made. */
  const made = Object.entries<Json>(resource)
    .filter(([type]) => type.startsWith("aws_s3_bucket"))
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`));

  test.each([
    ["off", { access: false, connections: false }],
    ["written to another bucket", { bucket: "example-logs" }],
  ])("is forgotten with all its settings, and not deleted, when logs are %s", (_, logs) => {
    const stack = without(logs);
    expect(stack.removed.map(({ from }: Json) => from).sort()).toEqual([...made].sort());
    for (const { lifecycle } of stack.removed) {
      expect(lifecycle).toEqual({ destroy: false });
    }
    expect(Object.keys(stack.resource).filter((type) => type.startsWith("aws_s3_bucket"))).toEqual([]);
  });

  test("is not forgotten while it is made", () => {
    expect(made.length).toBeGreaterThan(5);
    expect(removed).toBeUndefined();
  });
});
