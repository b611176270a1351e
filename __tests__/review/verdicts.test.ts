import { reviewOf, saidBy } from "./plans";

/** The real plans, each with what an expert would say of it. */
test.each<[string, string]>([
  ["new", "keeps serving"],
  ["nothing", "changes nothing"],
  ["image", "keeps serving; rolls 3 of 9 instances in about"],
  ["weights", "keeps serving"],
  ["size", "keeps serving"],
  ["model-added", "keeps serving"],
  ["model-removed", "interrupts requests such as POST /qwen/v1/chat/completions"],
  ["port", "interrupts qwen main; rolls 3 of 9 instances"],
  ["open", "keeps serving"],
])("the plan %s: %s", (name, line) => {
  expect(reviewOf(name).verdict.line).toContain(line);
});

test("a new image is a rollout, although Terraform calls it an update in place", () => {
  const { consequences } = reviewOf("image");
  expect(consequences.map(({ kind, addresses }) => [kind, addresses])).toEqual([
    [
      "rolled",
      [
        "aws_autoscaling_group.model_llama_stable_instances_group",
        "aws_launch_template.model_llama_stable_instances_template",
      ],
    ],
  ]);
  // By the file: 6 minutes to load, twice that for the launch hook; 150 %, so one at a time of three.
  expect(consequences[0]?.roll).toMatchObject({ instances: 3, atOnce: 1, load: 360, fewest: 3, most: 4 });
});

test("other weights send requests elsewhere, with examples of before and after", () => {
  const [only, ...others] = reviewOf("weights").consequences;
  expect(others).toEqual([]);
  expect(only?.kind).toBe("rerouted");
  expect(only?.addresses).toHaveLength(3);
  expect(only?.details.join("\n")).toMatch(
    /POST \/v1\/chat\/completions, x-model: llama: llama canary 5 %, llama stable 95 % → llama canary 50 %, llama stable 50 %/,
  );
});

test("another size is no rollout", () => {
  expect(saidBy(reviewOf("size"))).toEqual([
    "resized: qwen main: another size",
    "health and alarms: qwen main: 1 resource changed in place",
  ]);
});

test("a model more is made, and gets its requests", () => {
  const said = saidBy(reviewOf("model-added"));
  expect(said[0]).toBe("rerouted: us-east-1: requests go elsewhere");
  expect(said).toContainEqual(
    expect.stringMatching(/^new: gemma main: \d+ resources made, and 3 instances started$/),
  );
});

test("a model less interrupts its clients, and its logs are gone", () => {
  const { consequences } = reviewOf("model-removed");
  expect(consequences.find(({ kind }) => kind === "cannot be undone")?.addresses).toHaveLength(4);
  expect(consequences.find(({ kind }) => kind === "rerouted")?.details.join("\n")).toMatch(
    /\/qwen\/v1\/chat\/completions: qwen main 100 % → the answer 404/,
  );
  expect(consequences.find(({ kind }) => kind === "removed")?.says).toMatch(/3 instances drained and ended/);
});

test("another port interrupts, although the new target group is made first", () => {
  const interrupted = reviewOf("port").consequences.find(({ kind }) => kind === "interrupted");
  expect(interrupted?.addresses).toEqual(["aws_lb_target_group.model_qwen_main_targets"]);
  expect(interrupted?.says).toContain("do not pass the health check of the new target group");
});

test.each(["new", "nothing", "image", "weights", "size", "model-added", "model-removed", "port", "open"])(
  "the plan %s: every address is accounted for once",
  (name) => {
    const { deployment, consequences, unchanged } = reviewOf(name);
    const told = consequences.flatMap(({ addresses }) => addresses);
    const all = deployment.stacks.flatMap(({ changes }) => changes);
    const changed = all.filter(({ action }) => action !== "unchanged").map(({ address }) => address);
    expect([...told].sort()).toEqual([...changed].sort());
    expect(told.length + unchanged).toBe(all.length);
  },
);
