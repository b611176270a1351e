import fc from "fast-check";
import { gpuInstance, gpuInstanceTypes } from "../../../aws/instance-types";
import { onDemandPrice } from "../../../aws/prices";
import { alternatives, alternativesText, fits, type GpuFit } from "../../../config/gpu/fit";
import type { ModelMemory } from "../../../config/gpu/memory";

const llama8b: ModelMemory = {
  parameters: 8.03e9,
  layers: 32,
  kvHeads: 8,
  headDim: 128,
  contextLength: 8192,
};
const llama70b: ModelMemory = {
  parameters: 70.6e9,
  layers: 80,
  kvHeads: 8,
  headDim: 128,
  contextLength: 131_072,
};

function misfit(fit: GpuFit) {
  if (fit.ok) {
    throw new Error("fits");
  }
  return fit;
}

describe("a type that holds the model", () => {
  test("an L4 holds Llama 3.1 8B in bf16", () => {
    expect(fits(llama8b, "g6.xlarge")).toMatchObject({ ok: true, idleGpus: 0, longestContext: 26_787 });
  });

  test("eight H100 hold Llama 3.1 70B with all its context", () => {
    expect(fits({ ...llama70b, tensorParallel: 8 }, "p5.48xlarge")).toMatchObject({ ok: true, idleGpus: 0 });
  });

  test("GPUs that a copy leaves idle are counted", () => {
    expect(fits({ ...llama8b, tensorParallel: 2 }, "g6.48xlarge")).toMatchObject({ ok: true, idleGpus: 6 });
    const staged = { ...llama8b, tensorParallel: 2, pipelineParallel: 2 };
    expect(fits(staged, "g6.48xlarge")).toMatchObject({ ok: true, idleGpus: 4 });
  });

  test("eight L4 hold Llama 3.1 70B in two stages of four, and four do not", () => {
    const half: ModelMemory = { ...llama70b, contextLength: 8192, tensorParallel: 4 };
    expect(fits(half, "g6.48xlarge").ok).toBe(false);
    expect(fits({ ...half, pipelineParallel: 2 }, "g6.48xlarge")).toMatchObject({ ok: true, idleGpus: 0 });
  });

  test("of a model whose shape is not given only the weights are checked", () => {
    const fit = fits({ parameters: 8.03e9, contextLength: 1e6 }, "g6.xlarge");
    expect(fit).toMatchObject({ ok: true, longestContext: undefined });
  });

  test("a part of a GPU has a part of its memory", () => {
    const small: ModelMemory = { parameters: 1.5e9 };
    expect(fits(small, "g6f.2xlarge").ok).toBe(true);
    expect(fits(small, "g6f.xlarge").ok).toBe(false);
  });
});

describe("a type that does not", () => {
  test("has too little memory for the weights", () => {
    expect(misfit(fits(llama8b, "g4dn.xlarge"))).toEqual({
      ok: false,
      reason: "weights",
      diagnostic:
        "g4dn.xlarge (14.56 GiB a GPU, as CUDA reports it) does not hold the model: it needs 16.6 GiB per GPU before any KV cache, and utilization 0.9 leaves 13.1 GiB",
      alternatives: [
        { type: "g6.xlarge", tensorParallel: 1 },
        { type: "g5.xlarge", tensorParallel: 1 },
        { type: "g6e.xlarge", tensorParallel: 1 },
      ],
    });
  });

  test("is shown to need no less than it does, and to leave no more", () => {
    expect(misfit(fits({ parameters: 10e9 }, "g6.xlarge")).diagnostic).toContain(
      "needs 20.3 GiB per GPU before any KV cache, and utilization 0.9 leaves 19.8 GiB",
    );
  });

  test("is shown round figures as they are", () => {
    const model: ModelMemory = { parameters: 8e9, weightsGiB: 80, utilization: 0.94 };
    expect(misfit(fits(model, "p5.4xlarge")).diagnostic).toContain(
      "needs 81.6 GiB per GPU before any KV cache, and utilization 0.94 leaves 74.3 GiB",
    );
    const thirds: ModelMemory = { parameters: 8e9, weightsGiB: 42.6, tensorParallel: 3 };
    expect(misfit(fits(thirds, "g4dn.12xlarge")).diagnostic).toContain("needs 15.8 GiB per GPU");
  });

  test("has too little left for the context", () => {
    const fit = misfit(fits({ ...llama70b, tensorParallel: 4 }, "g6e.12xlarge"));
    expect(fit.reason).toBe("context");
    expect(fit.diagnostic).toBe(
      "contextLength 131072 needs 40 GiB KV per request; 21.7 GiB remain on g6e.12xlarge, enough for 71176 tokens",
    );
  });

  test("has too little left for the concurrent requests", () => {
    const fit = misfit(fits({ ...llama8b, concurrency: 16 }, "g6.xlarge"));
    expect(fit.reason).toBe("context");
    expect(fit.diagnostic).toBe(
      "contextLength 8192 times concurrency 16 needs 16 GiB KV; 3.2 GiB remain on g6.xlarge, enough for 1674 tokens each",
    );
  });

  test("has fewer GPUs than the split", () => {
    const fit = misfit(fits({ ...llama8b, tensorParallel: 4 }, "g6.xlarge"));
    expect(fit).toMatchObject({
      reason: "too few GPUs",
      diagnostic: "g6.xlarge has 1 GPU, fewer than tensorParallel 4",
    });
    expect(fit.alternatives[0]).toEqual({ type: "g6.xlarge", tensorParallel: 1 });
  });

  test("has several GPUs, but not enough", () => {
    expect(misfit(fits({ ...llama8b, tensorParallel: 8 }, "g6.12xlarge")).diagnostic).toBe(
      "g6.12xlarge has 4 GPUs, fewer than tensorParallel 8",
    );
  });

  test("has fewer GPUs than the split times the stages", () => {
    const fit = misfit(fits({ ...llama70b, tensorParallel: 4, pipelineParallel: 2 }, "g6.12xlarge"));
    expect(fit).toMatchObject({
      reason: "too few GPUs",
      diagnostic: "g6.12xlarge has 4 GPUs, fewer than tensorParallel 4 times pipelineParallel 2",
    });
  });

  test("has too little memory for the stage with the most layers", () => {
    const model: ModelMemory = { parameters: 1, weightsGiB: 70, layers: 61, pipelineParallel: 4 };
    expect(misfit(fits(model, "g6.12xlarge")).diagnostic).toContain(
      "needs 20 GiB per GPU before any KV cache",
    );
    expect(fits({ ...model, layers: 64 }, "g6.12xlarge").ok).toBe(true);
  });

  test("has no NVIDIA GPU", () => {
    expect(misfit(fits(llama8b, "inf2.xlarge"))).toMatchObject({
      reason: "no NVIDIA GPU",
      diagnostic: "inf2.xlarge has AWS Inferentia2, and model servers here run on NVIDIA GPUs",
    });
  });

  test("is none", () => {
    expect(misfit(fits(llama8b, "g99.huge"))).toEqual({
      ok: false,
      reason: "unknown type",
      diagnostic: "g99.huge is no GPU instance type this project knows",
      alternatives: [],
    });
  });
});

test("a split that divides neither way is refused on every type, and no other type helps", () => {
  expect(misfit(fits({ ...llama70b, tensorParallel: 3 }, "p5.48xlarge"))).toEqual({
    ok: false,
    reason: "uneven split",
    diagnostic: "tensorParallel 3 must divide kvHeads 8 or be a multiple of it",
    alternatives: [],
  });
});

describe("alternatives", () => {
  test("are the cheapest of each kind of GPU and split, cheapest first", () => {
    expect(alternatives(llama70b, "x86_64")).toEqual([
      { type: "g7e.24xlarge", tensorParallel: 4 },
      { type: "p4d.24xlarge", tensorParallel: 8 },
      { type: "p4de.24xlarge", tensorParallel: 4 },
    ]);
  });

  test("have a GPU for each written stage", () => {
    const staged: ModelMemory = { ...llama70b, contextLength: 8192, pipelineParallel: 2 };
    expect(alternatives(staged, "x86_64")).toEqual([
      { type: "g7e.12xlarge", tensorParallel: 1 },
      { type: "g6e.12xlarge", tensorParallel: 2 },
      { type: "g6.48xlarge", tensorParallel: 4 },
    ]);
  });

  test("have the CPU of the given type", () => {
    expect(misfit(fits(llama8b, "g5g.xlarge")).alternatives).toEqual([
      { type: "g5g.16xlarge", tensorParallel: 2 },
    ]);
  });

  test("leave out parts of a GPU, cheap as they are", () => {
    const tiny: ModelMemory = { parameters: 1e8 };
    expect(fits(tiny, "g6f.large").ok).toBe(true);
    expect(alternatives(tiny, "x86_64").map(({ type }) => type)).toEqual([
      "g4dn.xlarge",
      "g6.xlarge",
      "g5.xlarge",
    ]);
  });

  test("are none for a model no instance holds", () => {
    expect(alternatives({ parameters: 1e13 }, "x86_64")).toEqual([]);
  });

  test("split the KV heads as written, where vLLM can: one head may be on several GPUs", () => {
    const qwen235b: ModelMemory = { parameters: 235e9, kvHeads: 4, tensorParallel: 8 };
    expect(alternatives(qwen235b, "x86_64")[0]).toEqual({ type: "p4de.24xlarge", tensorParallel: 8 });
    expect(alternatives({ ...qwen235b, tensorParallel: 1 }, "x86_64")[0]?.tensorParallel).toBe(4);
  });

  test("never split unevenly, even if that is written", () => {
    const model = { parameters: 24e9, kvHeads: 8, tensorParallel: 3 };
    const found = misfit(fits(model, "inf2.xlarge")).alternatives;
    expect(found).toEqual([
      { type: "g7e.2xlarge", tensorParallel: 1 },
      { type: "g4dn.12xlarge", tensorParallel: 4 },
      { type: "g6.12xlarge", tensorParallel: 4 },
    ]);
  });

  test("split by powers of two where the KV heads are not written, or as written", () => {
    const model: ModelMemory = { parameters: 54e9 };
    const splits = (tensorParallel: number) =>
      alternatives({ ...model, tensorParallel }, "x86_64").map((found) => found.tensorParallel);
    expect(splits(1)).toEqual([2, 4, 8]);
    expect(splits(6)).toEqual([2, 4, 6]);
  });

  test("are shown with their split where it is not the written one", () => {
    const found = [
      { type: "g6e.xlarge", tensorParallel: 1 },
      { type: "g5.12xlarge", tensorParallel: 4 },
    ];
    expect(alternativesText(llama8b, found, "us-east-1")).toBe(
      "g6e.xlarge ($1.86/h), g5.12xlarge with tensorParallel 4 ($5.67/h)",
    );
    expect(alternativesText({ ...llama8b, tensorParallel: 4 }, found, "mx-central-1")).toBe(
      "g6e.xlarge with tensorParallel 1, g5.12xlarge",
    );
  });
});

describe("properties", () => {
  const models = fc.record({
    parameters: fc.integer({ min: 1e8, max: 1e12 }),
    precision: fc.constantFrom("bf16", "fp8", "int4"),
    layers: fc.integer({ min: 1, max: 130 }),
    kvHeads: fc.constantFrom(1, 2, 4, 8, 10, 16),
    headDim: fc.constantFrom(64, 128),
    contextLength: fc.integer({ min: 1, max: 200_000 }),
    concurrency: fc.integer({ min: 1, max: 64 }),
    tensorParallel: fc.constantFrom(1, 2, 4, 8),
    pipelineParallel: fc.constantFrom(undefined, 1, 2, 3, 8),
  }) satisfies fc.Arbitrary<ModelMemory>;
  const types = fc.constantFrom(...gpuInstanceTypes);

  test("every alternative holds the model", () => {
    fc.assert(
      fc.property(models, types, (model, type) => {
        const fit = fits(model, type);
        for (const other of fit.ok ? [] : fit.alternatives) {
          expect(fits({ ...model, tensorParallel: other.tensorParallel }, other.type).ok).toBe(true);
        }
      }),
    );
  });

  test("alternatives grow no cheaper down the list", () => {
    fc.assert(
      fc.property(models, (model) => {
        const prices = alternatives(model, "x86_64").map(
          ({ type }) => onDemandPrice(type, "us-east-1") ?? Number.POSITIVE_INFINITY,
        );
        expect(prices).toEqual([...prices].sort((a, b) => (a < b ? -1 : 1)));
      }),
    );
  });

  test("where one type holds a model, so does one with as many, larger GPUs", () => {
    fc.assert(
      fc.property(models, types, types, (model, a, b) => {
        const [small, large] = [gpuInstance(a), gpuInstance(b)];
        fc.pre(small !== undefined && large !== undefined && large.vendor === "nvidia");
        fc.pre(large.accelerators >= small.accelerators);
        fc.pre(large.acceleratorMemoryGiB >= small.acceleratorMemoryGiB);
        expect(fits(model, b).ok || !fits(model, a).ok).toBe(true);
      }),
    );
  });

  test("a type that holds a context holds every shorter one", () => {
    fc.assert(
      fc.property(models, types, fc.integer({ min: 1, max: 200_000 }), (model, type, context) => {
        fc.pre(context <= model.contextLength);
        expect(fits({ ...model, contextLength: context }, type).ok || !fits(model, type).ok).toBe(true);
      }),
    );
  });
});
