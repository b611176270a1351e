import { reviewText } from "../../review/text";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { validModel } from "../support/serving-file";
import { reviewOf } from "./plans";
import { reviewOfFiles } from "./synthesized";

const two = globalEndpointFile({ routing: "latency" });
const models = { llama: validModel(), qwen: validModel() };
const withTwoModels = { ...two, models };

test("one stack has no order, and several have the one of a deploy", () => {
  expect(reviewOf("image").order).toEqual([]);
  const made = reviewOfFiles(two, { ...two, tags: { team: "serving" } });
  expect(made.order).toEqual([
    "state, then domain, then eu-west-1, us-east-1, then global: npx cdktf deploy '*' keeps this order",
  ]);
  expect(reviewText(made)).toMatch(/\nOrder\n {2}state, then domain/);
});

test("a model less is taken from the health checks first", () => {
  expect(reviewOfFiles(withTwoModels, two).order[0]).toBe(
    "global first, by npm run deploy:one global: it health-checks what eu-west-1, us-east-1 will no longer serve, and would take a region for unhealthy",
  );
  expect(reviewOfFiles(two, withTwoModels).order[0]).toMatch(/^eu-west-1, us-east-1, then global:/);
});

test("a region more comes before the global endpoint sends clients there", () => {
  const three = globalEndpointFile(
    { routing: "latency" },
    { "us-east-1": {}, "eu-west-1": {}, "eu-north-1": {} },
  );
  expect(reviewOfFiles(two, three).order[0]).toBe(
    'eu-north-1 before global, with traffic: drained, until the models there have answered: docs/regions.md, "Add a region"',
  );
});
