import { dotOf } from "../../review/picture/dot";
import { fromPlans } from "../../review/read-plan";
import { review } from "../../review/review";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { planFiles, saidBy } from "./plans";
import { reviewOfFiles } from "./synthesized";

const REGIONS = { "us-east-1": {}, "eu-west-1": {} };
const reviewed = (name: string) => review(fromPlans(planFiles(name)));

test("a region that is drained keeps serving, and what fell is said, and drawn", () => {
  const found = reviewed("region-drained");
  expect(found.verdict.line).toBe("keeps serving");
  expect(saidBy(found)).toEqual(["rerouted: global: clients are led otherwise by 2 rules or records"]);
  expect(found.survival.fell).toEqual(["the global endpoint leads no clients any longer to eu-west-1"]);
  expect(found.survival.regions).toEqual({ before: 2, after: 1 });
  const leadsTo = (side: "before" | "after") =>
    [...dotOf(found.sides[side]).matchAll(/"global endpoint" -> "(\S+) /g)].map(([, region]) => region);
  expect(leadsTo("before")).toEqual(["eu-west-1", "us-east-1"]);
  expect(leadsTo("after")).toEqual(["us-east-1"]);
});

test("a model less interrupts its clients in both regions, and global goes first", () => {
  const found = reviewed("model-removed-everywhere");
  expect(found.verdict.line).toBe(
    "interrupts requests such as POST /qwen/v1/chat/completions (the answer 404)",
  );
  expect(found.order[0]).toMatch(/^global first, .* what eu-west-1, us-east-1 will no longer serve/);
  expect(
    found.money.parts.filter(({ after }) => after.atMax === 0).map(({ stack, of }) => `${stack} ${of}`),
  ).toEqual(["eu-west-1 qwen main", "us-east-1 qwen main"]);
});

test.each(["region-drained", "model-removed-everywhere"])(
  "the plans %s: every address of a stack is accounted for once",
  (name) => {
    const { deployment, consequences, unchanged } = reviewed(name);
    const told = consequences.flatMap(({ stack, addresses }) => addresses.map((each) => `${stack} ${each}`));
    const all = deployment.stacks.flatMap((stack) =>
      stack.changes.map((change) => ({ stack: stack.name, ...change })),
    );
    const changed = all.filter(({ action }) => action !== "unchanged");
    expect([...told].sort()).toEqual(changed.map(({ stack, address }) => `${stack} ${address}`).sort());
    expect(told.length + unchanged).toBe(all.length);
  },
);

test.each<[string, Parameters<typeof globalEndpointFile>[0], object, object]>([
  ["latency, drained", { routing: "latency" }, {}, { traffic: "drained" }],
  ["a dial of 0", { routing: "accelerator" }, {}, { dial: 0 }],
  ["an accelerator, removed", { routing: "accelerator" }, {}, { traffic: "removed" }],
])("by %s, clients are led to a region less, and the way back is a rise", (_, endpoint, before, after) => {
  const [one, other] = [before, after].map((region) =>
    globalEndpointFile(endpoint, { ...REGIONS, "eu-west-1": region }),
  );
  if (one === undefined || other === undefined) {
    throw new Error("two files");
  }
  const fell = reviewOfFiles(one, other).survival;
  expect(fell.regions).toEqual({ before: 2, after: 1 });
  expect(fell.fell).toContain("the global endpoint leads no clients any longer to eu-west-1");
  expect(reviewOfFiles(other, one).survival.rose).toContain("the global endpoint leads clients to eu-west-1");
});

test.each<[string, Parameters<typeof globalEndpointFile>[0], object, object, string]>([
  [
    "drained",
    { routing: "latency" },
    {},
    { traffic: "drained" },
    "the nearest of eu-west-1, us-east-1 → us-east-1",
  ],
  [
    "another weight",
    { routing: "weighted" },
    { weight: 50 },
    { weight: 150 },
    "eu-west-1 33.3 %, us-east-1 66.7 % → eu-west-1 60 %, us-east-1 40 %",
  ],
  [
    "a dial",
    { routing: "accelerator" },
    {},
    { dial: 20 },
    "the nearest of eu-west-1, us-east-1 → the nearest of eu-west-1 20 %, us-east-1",
  ],
])("%s: where clients are led is said before and after", (_, endpoint, before, after, says) => {
  const weight = endpoint.routing === "weighted" ? { weight: 100 } : {};
  const [one, other] = [before, after].map((region) =>
    globalEndpointFile(endpoint, { "us-east-1": weight, "eu-west-1": region }),
  );
  const found = one && other && reviewOfFiles(one, other);
  const global = found?.consequences.find(({ stack, kind }) => stack === "global" && kind === "rerouted");
  expect(global?.details[0]).toBe(`clients are led to ${says}`);
});

test("a failover the other way round is told as such", () => {
  const [one, other] = [
    ["us-east-1", "eu-west-1"],
    ["eu-west-1", "us-east-1"],
  ].map((order) => globalEndpointFile({ routing: "failover", order }));
  const found = one && other && reviewOfFiles(one, other);
  expect(found?.consequences.flatMap(({ details }) => details)).toContain(
    "clients are led to us-east-1, else eu-west-1 → eu-west-1, else us-east-1",
  );
});
