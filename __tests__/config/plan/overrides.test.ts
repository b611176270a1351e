import {
  entrySetting,
  entrySettings,
  instanceSetting,
  instanceSettings,
  isObserved,
  isOfOneRegion,
  isServed,
  modelOverride,
  observabilitySetting,
  SINGLE_VARIANT,
  survival,
  targetOptimizerImage,
  variantsOf,
  variantWeight,
} from "../../../config/plan/overrides";
import { valid, validFile, validModel } from "../../support/serving-file";

const MODEL = {
  ...validModel(),
  env: { FROM: "model" },
  arguments: ["--of-the-model"],
  variants: {
    stable: { weight: 90 },
    canary: { weight: 10, env: { FROM: "variant" } },
  },
};
const { file } = valid({
  ...validFile(),
  regions: {
    "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } },
    "eu-west-1": {
      network: { create: { cidr: "10.1.0.0/16" } },
      entry: { idleTimeout: "20m" },
      models: {
        llama: {
          env: { FROM: "region" },
          capacity: { min: 4, max: 8 },
          variants: { canary: { weight: 0, arguments: ["--of-the-canary-there"], env: { FROM: "all" } } },
        },
        qwen: false,
      },
    },
  },
  models: { llama: MODEL, qwen: validModel() },
});

describe("a setting of a variant's instances", () => {
  const env = (region: string, variant: string) => instanceSetting(file, region, "llama", variant, "env");

  test.each([
    ["the model", "us-east-1", "stable", "model", "models.llama.env"],
    ["the variant, over the model", "us-east-1", "canary", "variant", "models.llama.variants.canary.env"],
    ["the region, over the model", "eu-west-1", "stable", "region", "regions.eu-west-1.models.llama.env"],
    [
      "the region's word on the variant, over all",
      "eu-west-1",
      "canary",
      "all",
      "regions.eu-west-1.models.llama.variants.canary.env",
    ],
  ])("is of %s", (_whose, region, variant, value, path) => {
    expect(env(region, variant)).toEqual({ value: { FROM: value }, path: path.split(".") });
    expect(instanceSettings(file, region, "llama", variant).env.FROM).toBe(value);
  });

  test("is of the variant, over the region's word on the model", () => {
    const regionOverModel = valid({
      ...validFile(),
      regions: {
        "us-east-1": {
          network: { create: { cidr: "10.0.0.0/16" } },
          models: { llama: { env: { FROM: "region" } } },
        },
      },
      models: { llama: MODEL },
    }).file;
    expect(instanceSettings(regionOverModel, "us-east-1", "llama", "canary").env.FROM).toBe("variant");
  });

  test("comes whole from one place", () => {
    const { arguments: args, capacity } = instanceSettings(file, "eu-west-1", "llama", "canary");
    expect([args, capacity]).toEqual([["--of-the-canary-there"], { min: 4, max: 8 }]);
    expect(instanceSettings(file, "us-east-1", "llama", "canary").arguments).toEqual(["--of-the-model"]);
  });

  test("that is written nowhere has its place with the model", () => {
    expect(instanceSetting(file, "us-east-1", "llama", "stable", "spot")).toEqual({
      value: undefined,
      path: ["models", "llama", "spot"],
    });
    expect(instanceSettings(file, "us-east-1", "llama", "stable").spot).toBeUndefined();
  });
});

describe("variants", () => {
  test("are those of the model", () => {
    expect(Object.keys(variantsOf(file.models.llama ?? (undefined as never)))).toEqual(["stable", "canary"]);
  });

  test("are one with all the traffic where the model names none", () => {
    const qwen = file.models.qwen ?? (undefined as never);
    expect(variantsOf(qwen)).toEqual({ [SINGLE_VARIANT]: { weight: 100 } });
    expect(variantWeight(file, "us-east-1", "qwen", SINGLE_VARIANT).value).toBe(100);
  });

  test("have the weight of the region, over the model's", () => {
    const ofModel = ["models", "llama", "variants"];
    const ofRegion = ["regions", "eu-west-1", ...ofModel];
    const weight = (region: string, variant: string) => variantWeight(file, region, "llama", variant);
    expect(weight("us-east-1", "canary")).toEqual({ value: 10, path: [...ofModel, "canary", "weight"] });
    expect(weight("eu-west-1", "canary")).toEqual({ value: 0, path: [...ofRegion, "canary", "weight"] });
    expect(weight("eu-west-1", "stable")).toEqual({ value: 90, path: [...ofModel, "stable", "weight"] });
  });

  test("have none where there is no such thing", () => {
    expect(variantWeight(file, "us-east-1", "llama", "other").value).toBe(0);
    expect(variantWeight(file, "us-east-1", "other", "main").value).toBe(0);
  });
});

describe("a setting of a region's entry", () => {
  test("is the region's, over the deployment's", () => {
    expect(entrySettings(file, "eu-west-1")).toMatchObject({
      idleTimeout: 1200,
      domain: "models.example.com",
    });
    expect(entrySettings(file, "us-east-1").idleTimeout).toBeUndefined();
  });

  test("has its place there", () => {
    expect(entrySetting(file, "eu-west-1", "idleTimeout")).toEqual({
      value: 1200,
      path: ["regions", "eu-west-1", "entry", "idleTimeout"],
    });
    expect(entrySetting(file, "eu-west-1", "domain")).toEqual({
      value: "models.example.com",
      path: ["entry", "domain"],
    });
    expect(entrySetting(file, "us-east-1", "idleTimeout")).toEqual({
      value: undefined,
      path: ["entry", "idleTimeout"],
    });
  });
});

describe("what a region says of a model", () => {
  test("is nothing, where it says nothing, or leaves the model out", () => {
    expect(modelOverride(file, "us-east-1", "llama")).toBeUndefined();
    expect(modelOverride(file, "eu-west-1", "qwen")).toBeUndefined();
    expect(modelOverride(file, "eu-west-1", "llama")?.env).toEqual({ FROM: "region" });
  });

  test.each([
    ["us-east-1", "qwen", true],
    ["eu-west-1", "llama", true],
    ["eu-west-1", "qwen", false],
  ])("says whether %s serves %s", (region, model, served) => {
    expect(isServed(file, region, model)).toBe(served);
  });

  test("lies below regions", () => {
    expect(isOfOneRegion(["regions", "eu-west-1", "models", "llama", "env"])).toBe(true);
    expect(isOfOneRegion(["models", "llama", "env"])).toBe(false);
  });
});

describe("other overrides", () => {
  const overridden = valid({
    ...validFile(),
    survive: "nothing",
    observability: { logRetention: "7d" },
    regions: {
      "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } },
      "us-west-2": {
        network: { create: { cidr: "10.1.0.0/16" } },
        observability: { logRetention: "14d" },
        models: {
          llama: { survive: "nothing", targetOptimizer: { image: "example.com/agent:west" } },
        },
      },
      "eu-west-1": { network: { create: { cidr: "10.2.0.0/16" } }, observability: false },
    },
    models: {
      llama: {
        ...validModel(),
        survive: "zone",
        targetOptimizer: { maxConcurrency: 4, image: "example.com/agent:1" },
      },
      qwen: validModel(),
    },
  }).file;

  test.each([
    ["us-west-2", "llama", "nothing", "regions.us-west-2.models.llama.survive"],
    ["us-east-1", "llama", "zone", "models.llama.survive"],
    ["us-east-1", "qwen", "nothing", "survive"],
  ])("say what is survived in %s by %s", (region, model, value, path) => {
    expect(survival(overridden, region, model)).toEqual({ value, path: path.split(".") });
  });

  test.each([
    ["us-west-2", "llama", "example.com/agent:west", "regions.us-west-2.models.llama.targetOptimizer.image"],
    ["us-east-1", "llama", "example.com/agent:1", "models.llama.targetOptimizer.image"],
    ["us-east-1", "qwen", undefined, "models.qwen.targetOptimizer.image"],
  ])("say where the image of the agent lies in %s for %s", (region, model, value, path) => {
    expect(targetOptimizerImage(overridden, region, model)).toEqual({ value, path: path.split(".") });
  });

  test.each([
    ["us-west-2", 14, "regions.us-west-2.observability.logRetention"],
    ["us-east-1", 7, "observability.logRetention"],
    ["eu-west-1", 7, "observability.logRetention"],
  ])("say how long logs are kept in %s", (region, days, path) => {
    expect(observabilitySetting(overridden, region, "logRetention")).toEqual({
      value: days * 86_400,
      path: path.split("."),
    });
  });

  test("say where nothing is sent to CloudWatch, and give the defaults where only one region sends something", () => {
    expect(["us-east-1", "eu-west-1"].map((region) => isObserved(overridden, region))).toEqual([true, false]);
    const { file: off } = valid({ ...validFile(), observability: false });
    const onlyHere = {
      ...off,
      regions: Object.fromEntries(
        Object.entries(off.regions).map(([name, region]) => [name, { ...region, observability: {} }]),
      ),
    };
    expect([isObserved(off, "us-east-1"), isObserved(onlyHere, "us-east-1")]).toEqual([false, true]);
    expect(observabilitySetting(onlyHere, "us-east-1", "logRetention").value).toBe(365 * 86_400);
  });
});
