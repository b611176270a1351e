import { testRules } from "../../support/rule-cases";

const AGENT = "public.ecr.aws/aws-elb/target-optimizer/target-control-agent";
const IMAGE = `${AGENT}@sha256:${"0".repeat(64)}`;
const optimized = (more = "", others = ""): readonly [string, string] => [
  "loadTime:",
  `targetOptimizer: { maxConcurrency: 8, image: "${IMAGE}"${more} }${others}\n    loadTime:`,
];

describe("Target Optimizer", () => {
  testRules([
    { name: "by itself", changes: [optimized()], expected: [] },
    {
      name: "with the one algorithm it goes with",
      changes: [optimized("", "\n    algorithm: round_robin\n    timing: { slowStart: 0s }")],
      expected: [],
    },
    ...["least_outstanding_requests", "weighted_random"].map((algorithm) => ({
      name: `with ${algorithm}`,
      changes: [optimized("", `\n    algorithm: ▸${algorithm}`)],
      expected: [
        `error  models.llama.algorithm  target-optimizer-conflict  Target Optimizer works with round_robin only, not ${algorithm}; remove it, or targetOptimizer`,
      ],
    })),
    {
      name: "with all that it does not go with",
      changes: [
        optimized(
          "",
          "\n    algorithm: round_robin\n    stickiness: { instance: ▸1h }\n    health: { port: ▸9000 }\n    timing: { slowStart: ▸60s }",
        ),
      ],
      expected: [
        "error  models.llama.stickiness.instance  target-optimizer-conflict  AWS does not support stickiness with Target Optimizer; remove it, or targetOptimizer",
        "error  models.llama.health.port  target-optimizer-conflict  health checks must go through Target Optimizer's agent, or an instance without one would count as healthy; remove it",
        "error  models.llama.timing.slowStart  target-optimizer-conflict  with Target Optimizer an instance itself requests what it can serve, from the start; remove it, or targetOptimizer",
      ],
    },
    {
      name: "with stickiness of the variant",
      changes: [
        optimized(
          "",
          "\n    stickiness: { variant: 1h }\n    variants: { a: { weight: 1 }, b: { weight: 1 } }",
        ),
      ],
      expected: [],
    },
    ...[0, 1001].map((maxConcurrency) => ({
      name: `for ${maxConcurrency} requests at a time`,
      changes: [optimized(), ["maxConcurrency: 8", `maxConcurrency: ▸${maxConcurrency}`] as const],
      expected: [
        `error  models.llama.targetOptimizer.maxConcurrency  out-of-range  must be 1–1000; got ${maxConcurrency}`,
      ],
    })),
  ]);
});

describe("ports of the agent", () => {
  testRules([
    {
      name: "that the server has",
      changes: [
        optimized(", port: ▸8000, controlPort: ▸9400", "\n    metrics: { port: 9400, path: /metrics }"),
      ],
      expected: [
        "error  models.llama.targetOptimizer.port  port-taken  8000 is the server's own port; the agent needs another one",
        "error  models.llama.targetOptimizer.controlPort  port-taken  9400 is the server's own metrics.port; the agent needs another one",
      ],
    },
    {
      name: "that are one",
      changes: [optimized(", port: 3000, controlPort: ▸3000")],
      expected: [
        "error  models.llama.targetOptimizer.controlPort  port-taken  the agent takes requests at port 3000; use another one",
      ],
    },
  ]);
});

describe("the image of the agent", () => {
  const of = (image: string): readonly [string, string] => [IMAGE, image];
  const ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  const region = (text: string): readonly [string, string] => ["        cidr: 10.0.0.0/16\n", text];
  testRules([
    {
      name: "is pinned",
      changes: [optimized(), ['image: "', 'image: ▸"'], of(`${AGENT}:latest`)],
      expected: [
        `error  models.llama.targetOptimizer.image  image-tag-moves  "${AGENT}:latest" may become another image at any time, so two instances may differ; write a version tag or a digest`,
      ],
    },
    {
      name: "can be had without a way to the internet",
      changes: [
        region("        cidr: 10.0.0.0/16\n        nat: none\n"),
        ["image: vllm/vllm-openai:v0.28.0", `image: ${ecr}/vllm:v0.28.0`],
        optimized(),
        ['image: "', 'image: ▸"'],
        of(`${AGENT}:1`),
      ],
      expected: [
        `error  models.llama.targetOptimizer.image  image-unreachable  instances in us-east-1 have no way to the internet (nat: none), and "${AGENT}:1" is not in Amazon ECR in us-east-1; copy it there, or use nat: per-zone`,
      ],
    },
    {
      name: "may lie elsewhere for a region",
      changes: [
        region(
          `        cidr: 10.0.0.0/16\n        nat: none\n    models: { llama: { targetOptimizer: { image: "${ecr}/agent:1" } } }\n`,
        ),
        ["image: vllm/vllm-openai:v0.28.0", `image: ${ecr}/vllm:v0.28.0`],
        optimized(),
      ],
      expected: [],
    },
    {
      name: "that lies elsewhere is judged there",
      changes: [
        region(
          `        cidr: 10.0.0.0/16\n    models: { llama: { targetOptimizer: { image: ▸"${AGENT}" } } }\n`,
        ),
        optimized(),
      ],
      expected: [
        `error  regions.us-east-1.models.llama.targetOptimizer.image  image-tag-moves  "${AGENT}" may become another image at any time, so two instances may differ; write a version tag or a digest`,
      ],
    },
    {
      name: "of no agent",
      changes: [
        region(
          `        cidr: 10.0.0.0/16\n    models: { llama: { targetOptimizer: ▸{ image: "${AGENT}:1" } } }\n`,
        ),
      ],
      expected: [
        "error  regions.us-east-1.models.llama.targetOptimizer  field-without-effect  means nothing without models.llama.targetOptimizer; add that, or remove this",
      ],
    },
  ]);
});
