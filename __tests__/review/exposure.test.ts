import { validFile, validModel, type WrittenFile } from "../support/serving-file";
import { reviewOf } from "./plans";
import { reviewOfFiles } from "./synthesized";

const exposureIn = (before: WrittenFile, after: WrittenFile) =>
  reviewOfFiles(before, after).exposure.map(({ says }) => says);
const withModel = (change: Partial<WrittenFile["models"][string]>): WrittenFile => ({
  ...validFile(),
  models: { llama: { ...validModel(), ...change } },
});

test("a wider allow says who may connect, in a real plan and in JSON", () => {
  const allow: WrittenFile["entry"]["allow"] = ["203.0.113.0/24", "198.51.100.0/24"];
  expect(exposureIn(validFile(), { ...validFile(), entry: { ...validFile().entry, allow } })).toContain(
    "198.51.100.0/24 may connect to tcp port 443 of aws_security_group.entry_alb_security-group",
  );
  expect(reviewOf("open").exposure.map(({ says }) => says)).toContainEqual(
    expect.stringMatching(/^0\.0\.0\.0\/0 may connect to tcp port 443/),
  );
});

test("a narrower allow, another image and another model expose nothing", () => {
  const allow: WrittenFile["entry"]["allow"] = ["203.0.113.0/24", "198.51.100.0/24"];
  expect(exposureIn({ ...validFile(), entry: { ...validFile().entry, allow } }, validFile())).toEqual([]);
  expect(exposureIn(validFile(), withModel({ image: "vllm/vllm-openai:v0.29.0" }))).toEqual([]);
  const models = { llama: validModel(), qwen: validModel() };
  expect(exposureIn(validFile(), { ...validFile(), models })).toEqual([]);
});

test("other weights are a right that grew, by action and resource", () => {
  const weights = { uri: "s3://example-weights/other/", size: "15GiB" };
  expect(exposureIn(validFile(), withModel({ weights }))).toContain(
    "may now s3:GetObject on arn:aws:s3:::example-weights/other/*",
  );
});

test("logs that go are said", () => {
  const off: WrittenFile = { ...validFile(), entry: { ...validFile().entry, logs: { access: false } } };
  expect(exposureIn(validFile(), off)).toContain("the load balancer writes these logs no longer");
});
