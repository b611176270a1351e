import { requestsServed } from "../../../config/plan/requests-served";
import { loadFile, validFile, validModel, type WrittenFile } from "../../support/serving-file";

/** That of the valid model, 5m. */
const LONGEST = 300;

type WrittenModel = WrittenFile["models"][string];

const NUMBERS = { parameters: "8B", layers: 32, kvHeads: 8, headDim: 128, contextLength: 8192 };
const CONFIG = {
  text: JSON.stringify({
    model_type: "llama",
    num_hidden_layers: 32,
    hidden_size: 4096,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 14_336,
    vocab_size: 128_256,
    max_position_embeddings: 8192,
  }),
};

function servedWith(model: Partial<WrittenModel>) {
  const written = { ...validModel(), instanceTypes: ["g6.2xlarge"], scaling: {}, ...model };
  const loaded = loadFile({ ...validFile(), models: { llama: written } });
  if (!loaded.ok) {
    return loaded.diagnostics.map(({ code }) => code);
  }
  const [variant] = loaded.deployment.regions[0]?.models[0]?.variants ?? [];
  if (variant === undefined) {
    throw new Error("there is no variant");
  }
  return { served: requestsServed(variant.settings, "vllm", LONGEST), capacity: variant.capacity };
}

const of = (typicalRequest: object, model: Partial<WrittenModel> = {}, more: object = {}) =>
  servedWith({
    memory: NUMBERS as WrittenModel["memory"],
    ...model,
    capacity: { peakRequestsPerMinute: 300, typicalRequest, ...more },
  });
const TOKENS = { promptTokens: 1024, answerTokens: 128 };

test("requests that are left out are those that fit at a time, by how long each takes then", () => {
  const found = of(TOKENS);
  // 8B in 16 bits leave about 3.3 GiB of an L4 for the cache, 128 KiB a token: 22 requests of 1152 tokens.
  expect(found).toMatchObject({
    served: { by: "estimate", value: { value: 47, inputs: { copies: 1, atATime: 22 } } },
    capacity: { requestsPerInstance: { value: 47 }, need: { value: 7 }, scalingTarget: { value: 47 * 0.8 } },
  });
  if (Array.isArray(found)) {
    throw new Error(found.join());
  }
  const { value = 0, inputs = {} } = { ...found.served.value };
  const { atATime = 0, secondsOfRequest = 1, likely = 0 } = inputs;
  expect(value).toBeLessThan(likely);
  expect(Math.abs(value - (atATime * 60) / secondsOfRequest)).toBeLessThan(0.05 * value);
});

test("a written number stands, with what it would be", () => {
  expect(of(TOKENS, {}, { requestsPerMinutePerInstance: 90 })).toMatchObject({
    served: { by: "written", value: { value: 90, insteadOf: 47 } },
    capacity: { requestsPerInstance: { value: 90 } },
  });
});

test("a config.json says the same as its numbers, with the server's own reckoning", () => {
  const found = of(TOKENS, { memory: { config: CONFIG } as WrittenModel["memory"] });
  expect(found).toMatchObject({ served: { by: "estimate" } });
  const value = Array.isArray(found) ? 0 : (found.served.value?.value ?? 0);
  expect(value).toBeGreaterThan(47 / 2);
  expect(value).toBeLessThan(47 * 2);
});

test("the slowest type counts", () => {
  expect(of(TOKENS, { instanceTypes: ["g6e.2xlarge", "g6.2xlarge"] })).toMatchObject({
    served: { value: { value: 47 } },
  });
});

test("with a duration, as many run at a time as fit with the longest context", () => {
  // 3 of 8192 tokens, each in 9 s.
  expect(of({ duration: "9s" })).toMatchObject({
    served: { value: { value: 20, inputs: { atATime: 3, secondsOfRequest: 9 } } },
  });
});

test("a batch that the server is told to keep counts", () => {
  expect(
    of(TOKENS, {
      memory: { config: CONFIG } as WrittenModel["memory"],
      arguments: ["--max-num-seqs=4"],
    }),
  ).toMatchObject({ served: { value: { inputs: { atATime: 4 } } } });
});

test.each<[string, object, Partial<WrittenModel>]>([
  ["no memory", TOKENS, { memory: undefined }],
  ["no shape", TOKENS, { memory: { parameters: "8B" } }],
  ["a GPU of unknown speed", TOKENS, { instanceTypes: ["g7.2xlarge"] }],
  ["no answer", { promptTokens: 1024 }, {}],
  ["nothing", {}, {}],
])("with %s they are not known", (_name, typicalRequest, model) => {
  expect(of(typicalRequest, model)).toContain("requests-unknown");
});

test("a GPU of unknown speed does with a duration", () => {
  expect(of({ duration: "9s" }, { instanceTypes: ["g7.2xlarge"] })).toMatchObject({
    served: { by: "estimate" },
  });
});

test("no more run at a time than end within the longest request", () => {
  const loaded = (longestRequest: string) => {
    const found = of({ promptTokens: 2000, answerTokens: 300 }, { longestRequest });
    return Array.isArray(found) ? {} : { ...found.capacity.requestsPerInstance?.inputs };
  };
  expect(loaded("5m")).toMatchObject({ atATime: 11 });
  const { atATime = 0, secondsOfRequest = 0 } = loaded("50s");
  expect(secondsOfRequest).toBeLessThanOrEqual(50);
  expect(atATime).toBeGreaterThan(1);
  expect(atATime).toBeLessThan(11);
});
