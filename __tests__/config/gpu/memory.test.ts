import fc from "fast-check";
import {
  gpuMemoryNeeded,
  kvBytesPerToken,
  kvRoomGiB,
  longestContext,
  type ModelMemory,
  OVERHEAD_GIB,
  splitsEvenly,
  weightsSizeGiB,
} from "../../../config/gpu/memory";

const KIB = 1024;
const llama8b: ModelMemory = { parameters: 8.03e9, layers: 32, kvHeads: 8, headDim: 128 };
const llama70b: ModelMemory = { parameters: 70.6e9, layers: 80, kvHeads: 8, headDim: 128 };

describe("weights", () => {
  test("Llama 3.1 8B in bf16 takes the 14.96 GiB vLLM reports", () => {
    expect(weightsSizeGiB(8.03e9)).toBeCloseTo(14.96, 2);
  });

  test.each([
    ["fp32", 4],
    ["fp16", 2],
    ["bf16", 2],
    ["fp8", 1.1],
    ["int8", 1.1],
    ["int4", 0.7],
  ] as const)("a parameter in %s takes %d bytes", (precision, bytes) => {
    expect(weightsSizeGiB(2 ** 30, precision)).toBeCloseTo(bytes, 10);
  });

  test("Llama 3.1 8B AWQ is a file of 5.7 GB", () => {
    expect(weightsSizeGiB(8.03e9, "int4")).toBeCloseTo(5.73e9 / 2 ** 30, 0);
  });

  test("a declared size counts instead", () => {
    expect(gpuMemoryNeeded({ ...llama70b, precision: "int4", weightsGiB: 37.1 }).weightsGiB).toBe(37.1);
  });
});

describe("KV cache", () => {
  test("Llama 3.1 8B takes 128 KiB a token", () => {
    expect(kvBytesPerToken(llama8b)).toBe(128 * KIB);
  });

  test("Llama 3.1 70B takes 320 KiB a token", () => {
    expect(kvBytesPerToken(llama70b)).toBe(320 * KIB);
  });

  test("fp8 halves it", () => {
    expect(kvBytesPerToken({ ...llama8b, kvPrecision: "fp8" })).toBe(64 * KIB);
  });

  test("a model in fp32 has its cache in fp32 by default", () => {
    expect(kvBytesPerToken({ ...llama8b, precision: "fp32" })).toBe(256 * KIB);
    expect(kvBytesPerToken({ ...llama8b, precision: "fp32", kvPrecision: "fp16" })).toBe(128 * KIB);
  });

  test("quantized weights do not shrink it", () => {
    expect(kvBytesPerToken({ ...llama8b, precision: "int4" })).toBe(128 * KIB);
  });

  test("with more GPUs than KV heads every GPU holds a head of its own", () => {
    expect(kvBytesPerToken({ ...llama8b, tensorParallel: 16 })).toBe(256 * KIB);
  });

  test.each(["layers", "kvHeads", "headDim"] as const)("without %s it is undefined", (missing) => {
    const model = { ...llama8b, contextLength: 8192, [missing]: undefined };
    expect(kvBytesPerToken(model)).toBeUndefined();
    expect(longestContext(model, 80)).toBeUndefined();
    expect(gpuMemoryNeeded(model).kvGiB).toBe(0);
  });
});

describe("memory of a GPU", () => {
  test("is weights, cache and overhead", () => {
    const model = { ...llama8b, contextLength: 8192, concurrency: 4 };
    expect(gpuMemoryNeeded(model)).toEqual({
      weightsGiB: weightsSizeGiB(8.03e9),
      kvPerRequestGiB: 1,
      kvGiB: 4,
      overheadGiB: OVERHEAD_GIB,
      perGpuGiB: weightsSizeGiB(8.03e9) + 4 + OVERHEAD_GIB,
    });
  });

  test("is shared by the GPUs of a split, but for the overhead", () => {
    const needed = gpuMemoryNeeded({ ...llama70b, contextLength: 131_072, tensorParallel: 4 });
    expect(needed.kvGiB).toBe(40);
    expect(needed.perGpuGiB).toBeCloseTo((131.5 + 40) / 4 + OVERHEAD_GIB, 2);
  });

  test("is shared by the stages of a pipeline as by the GPUs of a split", () => {
    const model = { ...llama70b, contextLength: 131_072, tensorParallel: 4, pipelineParallel: 2 };
    expect(gpuMemoryNeeded(model).perGpuGiB).toBeCloseTo((131.5 + 40) / 8 + OVERHEAD_GIB, 2);
    expect(gpuMemoryNeeded({ ...model, layers: undefined }).perGpuGiB).toBeCloseTo(
      131.5 / 8 + OVERHEAD_GIB,
      2,
    );
  });

  test("is that of the stage with the most layers", () => {
    const model: ModelMemory = { parameters: 1, weightsGiB: 61, layers: 61, pipelineParallel: 4 };
    expect(gpuMemoryNeeded(model).perGpuGiB).toBeCloseTo(16 + OVERHEAD_GIB, 10);
    expect(kvRoomGiB(model, 80)).toBeCloseTo(((72 - OVERHEAD_GIB) * 61) / 16 - 61, 10);
  });

  test("with more stages than KV heads is no more: heads are not split by them", () => {
    expect(kvBytesPerToken({ ...llama8b, pipelineParallel: 16 })).toBe(128 * KIB);
  });

  test("leaves Llama 3.1 8B on an L4 room for 26 thousand tokens", () => {
    expect(longestContext(llama8b, 22.03)).toBe(26_787);
    expect(longestContext({ ...llama8b, concurrency: 2 }, 22.03)).toBe(13_393);
  });

  test("a higher utilization leaves more", () => {
    expect(kvRoomGiB({ ...llama8b, utilization: 0.95 }, 80) - kvRoomGiB(llama8b, 80)).toBeCloseTo(4, 10);
  });

  test("what has no room for the weights has room for no token", () => {
    expect(longestContext(llama70b, 22.4)).toBe(0);
  });
});

describe("splitting the KV heads", () => {
  test.each([
    [8, 1, true],
    [8, 2, true],
    [8, 16, true],
    [2, 4, true],
    [8, 3, false],
    [8, 6, false],
    [10, 4, false],
  ])("%d heads over %d GPUs: %p", (kvHeads, tensorParallel, even) => {
    expect(splitsEvenly(kvHeads, tensorParallel)).toBe(even);
  });
});

describe("properties", () => {
  const models = fc.record({
    parameters: fc.integer({ min: 1e6, max: 2e12 }),
    precision: fc.constantFrom("fp32", "fp16", "bf16", "fp8", "int8", "int4"),
    kvPrecision: fc.option(fc.constantFrom("fp16", "bf16", "fp8"), { nil: undefined }),
    layers: fc.integer({ min: 1, max: 200 }),
    kvHeads: fc.integer({ min: 1, max: 128 }),
    headDim: fc.constantFrom(64, 96, 128, 192, 256),
    contextLength: fc.integer({ min: 1, max: 1e6 }),
    concurrency: fc.integer({ min: 1, max: 512 }),
    tensorParallel: fc.constantFrom(1, 2, 4, 8),
  }) satisfies fc.Arbitrary<ModelMemory>;
  const more = fc.integer({ min: 1, max: 1000 });

  test.each(["contextLength", "concurrency", "parameters", "layers", "kvHeads"] as const)(
    "more %s never needs less",
    (what) => {
      fc.assert(
        fc.property(models, more, (model, extra) => {
          const larger = { ...model, [what]: model[what] + extra };
          expect(gpuMemoryNeeded(larger).perGpuGiB).toBeGreaterThanOrEqual(gpuMemoryNeeded(model).perGpuGiB);
        }),
      );
    },
  );

  test("splitting further never needs more of one GPU", () => {
    fc.assert(
      fc.property(models, (model) => {
        const split = { ...model, tensorParallel: model.tensorParallel * 2 };
        const [whole, half] = [gpuMemoryNeeded(model).perGpuGiB, gpuMemoryNeeded(split).perGpuGiB];
        expect(half).toBeLessThanOrEqual(whole + 1e-9);
      }),
    );
  });

  const stages = fc.integer({ min: 1, max: 64 });

  test("more stages never need more of one GPU, nor leave less room", () => {
    fc.assert(
      fc.property(models, stages, more, (model, fewer, extra) => {
        const few = { ...model, pipelineParallel: fewer };
        const many = { ...model, pipelineParallel: fewer + extra };
        expect(gpuMemoryNeeded(many).perGpuGiB).toBeLessThanOrEqual(gpuMemoryNeeded(few).perGpuGiB);
        fc.pre(kvRoomGiB(few, 80) >= 0);
        expect(kvRoomGiB(many, 80)).toBeGreaterThanOrEqual(kvRoomGiB(few, 80));
      }),
    );
  });

  test("one stage changes nothing", () => {
    fc.assert(
      fc.property(models, fc.boolean(), (model, shapeless) => {
        const one = { ...model, layers: shapeless ? undefined : model.layers };
        const same = { ...one, pipelineParallel: 1 };
        expect(gpuMemoryNeeded(same)).toEqual(gpuMemoryNeeded(one));
        expect(kvRoomGiB(same, 80)).toBe(kvRoomGiB(one, 80));
        expect(longestContext(same, 80)).toBe(longestContext(one, 80));
      }),
    );
  });

  test("stages never need less of one GPU than GPUs among which all is shared alike", () => {
    fc.assert(
      fc.property(models, stages, (model, pipelineParallel) => {
        const { weightsGiB, kvGiB, perGpuGiB } = gpuMemoryNeeded({ ...model, pipelineParallel });
        const alike = (weightsGiB + kvGiB) / (model.tensorParallel * pipelineParallel) + OVERHEAD_GIB;
        expect(perGpuGiB).toBeGreaterThanOrEqual(alike * (1 - 1e-9));
      }),
    );
  });

  test("what leaves room in stages needs no more of a GPU than it may have", () => {
    fc.assert(
      fc.property(models, stages, fc.integer({ min: 2, max: 300 }), (model, pipelineParallel, gpu) => {
        const staged = { ...model, pipelineParallel };
        const { kvGiB, perGpuGiB } = gpuMemoryNeeded(staged);
        const [room, may] = [kvRoomGiB(staged, gpu) - kvGiB, gpu * 0.9];
        fc.pre(Math.abs(room) > 1e-6);
        expect(perGpuGiB <= may).toBe(room > 0);
      }),
    );
  });

  test("the longest context fits, one token more does not", () => {
    fc.assert(
      fc.property(models, fc.integer({ min: 2, max: 300 }), (model, gpu) => {
        const longest = longestContext(model, gpu) ?? Number.NaN;
        const kv = (contextLength: number) => gpuMemoryNeeded({ ...model, contextLength }).kvGiB;
        const room = kvRoomGiB(model, gpu);
        expect(kv(longest)).toBeLessThanOrEqual(Math.max(0, room) + 1e-6);
        expect(kv(longest + 1)).toBeGreaterThan(room - 1e-6);
      }),
    );
  });

  test("a larger GPU never has room for less", () => {
    fc.assert(
      fc.property(models, fc.integer({ min: 2, max: 300 }), more, (model, gpu, extra) => {
        expect(kvRoomGiB(model, gpu + extra)).toBeGreaterThan(kvRoomGiB(model, gpu));
      }),
    );
  });
});
