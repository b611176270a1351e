import { fromPlans } from "../../review/read-plan";
import { review } from "../../review/review";
import { validFile, validModel, type WrittenFile } from "../support/serving-file";
import { planFile, saidBy } from "./plans";
import { causesIn, reviewOfFiles } from "./synthesized";

/** The file with another model, and what is changed at its top. */
const withModel = (change: Partial<WrittenFile["models"][string]>, file = validFile()): WrittenFile => ({
  ...file,
  models: { ...file.models, llama: { ...validModel(), ...change } },
});

test("a file against itself changes nothing, with its keys in any order", () => {
  const { models, ...rest } = validFile();
  const made = reviewOfFiles(validFile(), { models, ...rest });
  expect(made.verdict).toEqual({ kind: "changes nothing", line: "changes nothing" });
  expect(made.consequences).toEqual([]);
  expect(made.unchanged).toBeGreaterThan(50);
});

test("another image rolls the group, and names its field and line", () => {
  const made = reviewOfFiles(validFile(), withModel({ image: "vllm/vllm-openai:v0.29.0" }));
  expect(made.verdict.line).toBe("keeps serving; rolls 3 of 3 instances in about 42m");
  expect(made.consequences.map(({ kind }) => kind)).toEqual(["rolled"]);
  expect(causesIn(made)).toEqual(["rolled llama main: models.llama.image, line 20"]);
});

test("a tag rolls the instances, which have it too", () => {
  const made = reviewOfFiles(validFile(), { ...validFile(), tags: { team: "serving" } });
  expect(made.verdict.kind).toBe("rolls");
  expect(causesIn(made)).toContainEqual(expect.stringMatching(/^rolled llama main: tags/));
});

test("another size is said with both sizes and its fields", () => {
  const made = reviewOfFiles(validFile(), withModel({ capacity: { min: 4, max: 9 } }));
  expect(made.consequences.find(({ kind }) => kind === "resized")?.details.join("\n")).toMatch(
    /max_size 6 → 9/,
  );
  expect(causesIn(made)).toContainEqual(
    expect.stringMatching(/^resized llama main: models\.llama\.capacity\.max/),
  );
  expect(made.money.total.after.atMax).toBeGreaterThan(made.money.total.before.atMax);
});

test("a lower maximum says how many instances end", () => {
  const made = reviewOfFiles(
    withModel({ capacity: { min: 6, max: 12 } }),
    withModel({ capacity: { min: 3, max: 5 } }),
  );
  expect(made.consequences.find(({ kind }) => kind === "resized")?.details).toContain(
    "1 instance above the new maximum drain and end",
  );
});

test("another port interrupts, with the steps of docs/changes.md", () => {
  const made = reviewOfFiles(validFile(), withModel({ port: 8100 }));
  expect(made.verdict.line).toBe("interrupts llama main; rolls 3 of 3 instances in about 42m");
  const interrupted = made.consequences.find(({ kind }) => kind === "interrupted");
  const causes = interrupted && made.causes.get(interrupted);
  expect(causes?.flatMap(({ steps }) => steps).join()).toMatch(
    /Declare a second model with a route of its own/,
  );
});

test.each<[string, WrittenFile, RegExp]>([
  [
    "scheme",
    { ...validFile(), entry: { ...validFile().entry, scheme: "internal" } },
    /deployed with "internet-facing"/,
  ],
  ["name", { ...validFile(), name: "search" }, /deployed under the name "chat"/],
  [
    "network",
    { ...validFile(), regions: { "us-east-1": { network: { create: { cidr: "10.9.0.0/16" } } } } },
    /deployed with "10\.0\.0\.0\/16"/,
  ],
])("another %s will be refused, in the words of the plan", (_, after, says) => {
  const made = reviewOfFiles(validFile(), after);
  expect(made.verdict.kind).toBe("refused");
  expect(made.deployment.stacks.flatMap(({ refusals }) => refusals).join()).toMatch(says);
});

test("a region that is left out goes on running, and nothing of it is deleted", () => {
  const regions = { ...validFile().regions, "eu-west-1": { network: { create: { cidr: "10.1.0.0/16" } } } };
  const made = reviewOfFiles({ ...validFile(), regions }, validFile());
  expect(saidBy(made)).toEqual([expect.stringMatching(/^left running: The file has eu-west-1 no longer/)]);
  expect(made.verdict.kind).toBe("changes nothing");
  expect(made.money.total.after).toEqual(made.money.total.before);
});

test("a variant that is added takes its share of the requests", () => {
  const variants = { stable: { weight: 90 }, canary: { weight: 10 } };
  const made = reviewOfFiles(withModel({ variants: { stable: { weight: 100 } } }), withModel({ variants }));
  expect(made.consequences.find(({ kind }) => kind === "rerouted")?.details.join("\n")).toMatch(
    /\/llama\/v1\/chat\/completions: llama stable 100 % → llama canary 10 %: 503 until it has loaded, llama stable 90 %/,
  );
  expect(made.verdict.line).toMatch(/^interrupts requests such as POST .* \(llama canary 10 %: 503 until/);
});

test("a variant that is added without a weight, and gets one later, interrupts nobody", () => {
  const files = [0, 10].map((weight) =>
    withModel({ variants: { stable: { weight: 100 }, canary: { weight } } }),
  );
  const [one = validFile(), other = validFile()] = files;
  const before = withModel({ variants: { stable: { weight: 100 } } });
  expect(reviewOfFiles(before, one).verdict.line).toBe("keeps serving");
  expect(reviewOfFiles(one, other).verdict.line).toBe("keeps serving");
});

test("a field of which docs/changes.md has several changes names the one of each step", () => {
  const zones = (number: number): WrittenFile => ({
    ...validFile(),
    regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16", zones: number } } } },
  });
  const made = reviewOfFiles(zones(3), zones(2));
  expect(made.verdict.line).toBe("interrupts what us-east-1 serves");
  const [interrupted, ...others] = made.consequences.filter(({ kind }) => kind === "interrupted");
  expect(others).toEqual([]);
  expect(interrupted?.says).toBe(
    "what us-east-1 serves: the load balancer leaves a zone, and sends nothing more to instances there",
  );
  const steps = interrupted && made.causes.get(interrupted)?.flatMap((cause) => cause.steps);
  expect(steps).toContainEqual(expect.stringMatching(/^with a zone less: First take the instances out/));
});

test("without the file of before, a consequence names where the file speaks of it", () => {
  const value = { models: { llama: { instanceTypes: [], image: "a" }, qwen: {} } };
  const file = { file: "serving.yaml", value, locate: () => ({ line: 7, column: 1 }) };
  const fields = (plan: string) => {
    const { consequences, causes } = review(fromPlans([planFile(plan)]), { files: { after: file } });
    return consequences.flatMap((each) =>
      (causes.get(each) ?? []).map(({ field, line }) => `${each.kind} ${field} ${line}`),
    );
  };
  expect(fields("image")).toEqual(["rolled models.llama.image 7"]);
  expect(fields("size")).toEqual(["resized models.qwen 7", "health and alarms models.qwen 7"]);
});
