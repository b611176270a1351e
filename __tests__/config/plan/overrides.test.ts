import {
  entrySettingPath,
  entrySettings,
  instanceSettingPath,
  instanceSettings,
  SINGLE_VARIANT,
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
  const from = (region: string, variant: string) => instanceSettings(file, region, "llama", variant).env.FROM;
  const at = (region: string, variant: string) =>
    instanceSettingPath(file, region, "llama", variant, "env").join(".");

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
    expect([from(region, variant), at(region, variant)]).toEqual([value, path]);
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
    expect(instanceSettingPath(file, "us-east-1", "llama", "stable", "spot")).toEqual([
      "models",
      "llama",
      "spot",
    ]);
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
    expect(variantWeight(file, "us-east-1", "qwen", SINGLE_VARIANT)).toBe(100);
  });

  test("have the weight of the region, over the model's", () => {
    expect(variantWeight(file, "us-east-1", "llama", "canary")).toBe(10);
    expect(variantWeight(file, "eu-west-1", "llama", "canary")).toBe(0);
    expect(variantWeight(file, "eu-west-1", "llama", "stable")).toBe(90);
  });

  test("have none where there is no such thing", () => {
    expect(variantWeight(file, "us-east-1", "llama", "other")).toBe(0);
    expect(variantWeight(file, "us-east-1", "other", "main")).toBe(0);
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
    expect(entrySettingPath(file, "eu-west-1", "idleTimeout")).toEqual([
      "regions",
      "eu-west-1",
      "entry",
      "idleTimeout",
    ]);
    expect(entrySettingPath(file, "eu-west-1", "domain")).toEqual(["entry", "domain"]);
    expect(entrySettingPath(file, "us-east-1", "idleTimeout")).toEqual(["entry", "idleTimeout"]);
  });
});
