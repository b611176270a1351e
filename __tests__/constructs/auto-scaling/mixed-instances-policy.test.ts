import { Fn } from "cdktf";
import {
  type ChosenInstances,
  type GpuInstanceRequirements,
  mixedInstancesPolicy,
  type Purchase,
} from "../../../constructs/auto-scaling/mixed-instances-policy";

const types: ChosenInstances = { types: ["g6.xlarge", "g5.xlarge"] };
const requirements: GpuInstanceRequirements = {
  acceleratorCount: { min: 1, max: 1 },
  acceleratorTotalMemoryMiB: { min: 22_000 },
  vcpuCount: { min: 4 },
  memoryMiB: { min: 16_384 },
};

function policy(instances: ChosenInstances, purchase: Purchase = {}) {
  return mixedInstancesPolicy({ id: "lt-1", version: "7" }, instances, purchase);
}

const distribution = (purchase: Purchase, instances: ChosenInstances = types) =>
  policy(instances, purchase).instancesDistribution;

describe("a list of types", () => {
  it("runs one version of the launch template on each type, best first", () => {
    expect(policy(types).launchTemplate).toEqual({
      launchTemplateSpecification: { launchTemplateId: "lt-1", version: "7" },
      override: [{ instanceType: "g6.xlarge" }, { instanceType: "g5.xlarge" }],
    });
  });

  it("is tried in its order", () => {
    expect(distribution({})).toMatchObject({ onDemandAllocationStrategy: "prioritized" });
  });

  it("that repeats a type is refused", () => {
    expect(() => policy({ types: ["g6.xlarge", "g6.xlarge"] })).toThrow("names a type twice");
  });
});

describe("requirements", () => {
  const override = (required: GpuInstanceRequirements, purchase: Purchase = {}) => {
    const { launchTemplate } = policy({ requirements: required }, purchase);
    return Array.isArray(launchTemplate.override)
      ? launchTemplate.override[0]?.instanceRequirements
      : undefined;
  };

  it("require NVIDIA GPUs at any price", () => {
    expect(override({ ...requirements, allowedInstanceTypes: ["g6.*"] })).toEqual({
      acceleratorTypes: ["gpu"],
      acceleratorManufacturers: ["nvidia"],
      allowedInstanceTypes: ["g6.*"],
      acceleratorCount: { min: 1, max: 1 },
      acceleratorTotalMemoryMib: { min: 22_000 },
      vcpuCount: { min: 4 },
      memoryMib: { min: 16_384 },
      onDemandMaxPricePercentageOverLowestPrice: 999_999,
    });
  });

  it("accept any price for Spot too", () => {
    expect(override(requirements, { onDemandPercentageAboveBase: 0 })).toMatchObject({
      spotMaxPricePercentageOverLowestPrice: 999_999,
    });
  });

  it("have no order, so the cheapest type is first", () => {
    expect(distribution({}, { requirements })).toMatchObject({ onDemandAllocationStrategy: "lowest-price" });
  });

  it.each([
    ["acceleratorCount.min must be", { acceleratorCount: { min: 0 } }],
    ["acceleratorCount.max must be a whole number from 4", { acceleratorCount: { min: 4, max: 2 } }],
    ["acceleratorTotalMemoryMiB.min must be", { acceleratorTotalMemoryMiB: { min: 0.5 } }],
    ["vcpuCount.min must be", { vcpuCount: { min: 0 } }],
    ["memoryMiB.max must be a whole number from 2", { memoryMiB: { min: 2, max: 1 } }],
  ])("that nothing can meet are refused: %s", (message, wrong) => {
    expect(() => override({ ...requirements, ...wrong })).toThrow(message);
  });
});

describe("purchase", () => {
  it("is on-demand by default", () => {
    expect(distribution({})).toEqual({
      onDemandAllocationStrategy: "prioritized",
      onDemandBaseCapacity: 0,
      onDemandPercentageAboveBaseCapacity: 100,
    });
  });

  it("may be Spot above a base, from pools with room and a good price", () => {
    expect(distribution({ onDemandBase: 2, onDemandPercentageAboveBase: 25 })).toMatchObject({
      onDemandBaseCapacity: 2,
      onDemandPercentageAboveBaseCapacity: 25,
      spotAllocationStrategy: "price-capacity-optimized",
    });
  });

  it("may choose its Spot pools otherwise", () => {
    const purchase = {
      onDemandPercentageAboveBase: 0,
      spotAllocationStrategy: "capacity-optimized-prioritized",
    } as const;
    expect(distribution(purchase)).toMatchObject({
      spotAllocationStrategy: "capacity-optimized-prioritized",
    });
  });

  it("does not take a Spot strategy without Spot", () => {
    expect(() => distribution({ spotAllocationStrategy: "lowest-price" })).toThrow(
      "spotAllocationStrategy does nothing",
    );
  });

  it("does not put requirements in an order", () => {
    const purchase = {
      onDemandPercentageAboveBase: 0,
      spotAllocationStrategy: "capacity-optimized-prioritized",
    } as const;
    expect(() => distribution(purchase, { requirements })).toThrow("needs a list of instance types");
  });

  it.each([["onDemandBase must be", { onDemandBase: -1 }]])(
    "refuses numbers out of range: %s",
    (message, purchase) => {
      expect(() => distribution(purchase)).toThrow(message);
    },
  );
});

describe("the version", () => {
  it.each(["$Latest", "$Default", "", "0"])('"%s" is refused', (version) => {
    expect(() => mixedInstancesPolicy({ id: "lt-1", version }, types, {})).toThrow(
      `launchTemplate.version must be the number of a version; got "${version}"`,
    );
  });

  it("may be a token", () => {
    expect(() => mixedInstancesPolicy({ id: "lt-1", version: Fn.tostring(7) }, types, {})).not.toThrow();
  });
});
