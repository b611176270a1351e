import { asWritten } from "../../review/as-written";
import { fromPlans } from "../../review/read-plan";
import { type Review, review } from "../../review/review";
import { reviewText } from "../../review/text";
import type { Json } from "../../testing/terraform/json";
import { valid, validFile } from "../support/serving-file";
import { synthesized } from "../support/synthesis";
import { changedPlan, reviewOf } from "./plans";

const ADDRESS = "aws_lb_target_group.model_llama_stable_targets";

/** The plan of a new deployment, whose configuration writes some arguments of a target group. */
function withTargetGroup(after: Json, more: (change: Json) => void = () => undefined): Review {
  const plan = changedPlan("new", (json) => {
    const { change } = json.resource_changes.find(({ address }: Json) => address === ADDRESS);
    Object.assign(change.after, after);
    more(change);
    const written = json.configuration.root_module.resources.find(({ address }: Json) => address === ADDRESS);
    Object.assign(written.expressions, {
      name: { constant_value: change.after.name },
      port: { constant_value: 8000 },
      protocol: { constant_value: "HTTP" },
      health_check: [{ interval: { constant_value: 10 }, path: { constant_value: "/health" } }],
    });
  });
  const value = { models: { llama: { health: {} } } };
  const file = { file: "serving.yaml", value, locate: () => ({ line: 7, column: 1 }) };
  return review(fromPlans([plan]), { files: { after: file } });
}

test("what AWS does not take is said, with its source and the line of the file", () => {
  const made = withTargetGroup({ health_check: [{ interval: 400, path: "/health" }] });
  expect(made.verdict).toEqual({ kind: "refused", line: "will be refused by AWS, halfway: us-east-1" });
  expect(reviewText(made)).toMatch(
    /AWS will refuse\n {2}us-east-1: \S+targets: health_check\.interval is 400; AWS takes 5 to 300\n {4}by .*elbv2.*\n {4}see models\.llama\.health, serving\.yaml:7\n/,
  );
});

test("what AWS takes, and what is filled in, unknown or sensitive, is not said", () => {
  const filledIn = {
    ip_address_type: "no such",
    health_check: [{ interval: 10, timeout: 999 }],
  };
  expect(withTargetGroup(filledIn).awsRefusals).toEqual([]);
  const masked = withTargetGroup({ port: 99_999 }, (change) => {
    change.after_sensitive = { ...change.after_sensitive, port: true };
  });
  expect(masked.awsRefusals).toEqual([]);
  const later = withTargetGroup({ port: undefined }, (change) => {
    change.after_unknown = { ...change.after_unknown, port: true };
  });
  expect(later.awsRefusals).toEqual([]);
});

test("what stays as it is was taken, and of another project nothing is known", () => {
  const stays = withTargetGroup({ port: 99_999 }, (change) => {
    change.actions = ["no-op"];
    change.before = change.after;
  });
  expect(stays.awsRefusals).toEqual([]);
  const { text, file } = changedPlan("new", (json) => {
    json.resource_changes = json.resource_changes.filter(
      ({ address }: Json) => address !== "terraform_data.deployment-name",
    );
  });
  expect(review(fromPlans([{ file, text }])).awsRefusals).toEqual([]);
});

test("in blocks of a set, what the provider fills in for nothing is not written", () => {
  const written = asWritten(
    {
      ...{ unknown: {}, sensitive: {}, place: "a" },
      value: {
        query: [
          { id: "a", expression: "", period: 0 },
          { id: "b", expression: "a * 2" },
        ],
        name: "",
      },
    },
    {
      query: [
        { id: {}, expression: {} },
        { id: {}, period: {} },
      ],
      name: {},
    },
  );
  expect(written).toEqual({ query: [{ id: "a" }, { id: "b", expression: "a * 2" }] });
});

/** Synthesized JSON as a plan in which all is new: what refers to something else is known after the apply. */
function planOf(stack: Json): string {
  const isLater = (value: Json) => typeof value === "string" && value.includes("${");
  const part = (value: Json, at: (leaf: Json) => Json): Json =>
    Array.isArray(value)
      ? value.map((each) => part(each, at))
      : typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, part(each, at)]))
        : at(value);
  const resources = Object.entries<Json>(stack.resource).flatMap(([type, byName]) =>
    Object.entries<Json>(byName).map(([name, { "//": _, lifecycle: _l, depends_on: _d, ...body }]) => ({
      ...{ type, name, mode: "managed", address: `${type}.${name}` },
      change: {
        ...{ actions: ["create"], before: null },
        after: part(body, (leaf) => (isLater(leaf) ? null : leaf)),
        after_unknown: part(body, isLater),
      },
      expressions: Object.fromEntries(Object.keys(body).map((key) => [key, { constant_value: null }])),
    })),
  );
  return JSON.stringify({
    format_version: "1.2",
    resource_changes: resources,
    configuration: { root_module: { resources } },
  });
}

test("of a file that is right, AWS refuses nothing, in JSON and in a plan of it", () => {
  const stacks = { ...synthesized(valid(validFile()).deployment) };
  const plans = Object.entries(stacks).map(([name, stack]) => ({
    file: `${name}.json`,
    text: planOf(stack),
  }));
  const made = review(fromPlans(plans));
  expect(made.deployment.stacks.every(({ written }) => Object.keys(written.resource).length > 0)).toBe(true);
  expect(made.awsRefusals.map(({ says }) => says)).toEqual([]);
});

test.each(["new", "image", "weights", "size", "model-added", "model-removed", "port", "open"])(
  "AWS refuses nothing of the real plan %s",
  (name) => {
    expect(reviewOf(name).awsRefusals.map(({ says }) => says)).toEqual([]);
  },
);
