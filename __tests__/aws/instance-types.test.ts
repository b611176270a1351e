import {
  gpuCatalogueSources,
  gpuInstance,
  gpuInstancesMatching,
  gpuInstanceTypes,
  isNewerThanCatalogue,
  onDemandQuota,
  spotQuota,
} from "../../aws/instance-types";

const all = gpuInstanceTypes.flatMap((type) => gpuInstance(type) ?? []);

test("a type is described as EC2 describes it", () => {
  expect(gpuInstance("g6.xlarge")).toEqual({
    type: "g6.xlarge",
    family: "g6",
    arch: "x86_64",
    vendor: "nvidia",
    accelerator: "NVIDIA L4",
    accelerators: 1,
    part: 1,
    acceleratorMemoryGiB: 22.4,
    vcpus: 4,
    memoryGiB: 16,
    nvmeGB: 250,
    ebsMbps: 5000,
    spot: true,
    capacityBlock: false,
    gridDriver: false,
  });
});

test.each(["g99.huge", "m5.large", "", "constructor", "g6.*"])("%p is not in the catalogue", (type) => {
  expect(gpuInstance(type)).toBeUndefined();
});

test.each([
  "g6.32xlarge",
  "g6x.2xlarge",
  "p5f.48xlarge",
  "g8.2xlarge",
  "p7.48xlarge",
  "p6e-gb200.36xlarge",
  "g8.*",
  "g8.metal",
])("%p may be newer than the catalogue", (type) => {
  expect(isNewerThanCatalogue(type)).toBe(true);
});

test.each(["g6.2xlarg", "g6.xxlarge", "g3.4xlarge", "g99.huge", "m9.large", "g6.*", "*"])(
  "%p is no newer type",
  (type) => {
    expect(isNewerThanCatalogue(type)).toBe(false);
  },
);

test("a type with eight GPUs has the memory of each", () => {
  expect(gpuInstance("p5.48xlarge")).toMatchObject({ accelerators: 8, acceleratorMemoryGiB: 80 });
});

test("Inferentia and Trainium are distinguished from NVIDIA", () => {
  const families = new Set(all.filter(({ vendor }) => vendor === "aws").map(({ family }) => family));
  expect([...families]).toEqual(["inf1", "inf2", "trn1", "trn1n", "trn2"]);
});

test("g5g has an Arm CPU", () => {
  const arm = new Set(all.filter(({ arch }) => arch === "arm64").map(({ family }) => family));
  expect([...arm]).toEqual(["g5g"]);
});

test("a part of a GPU is one accelerator that needs the GRID driver", () => {
  expect(gpuInstance("g6f.2xlarge")).toMatchObject({
    accelerators: 1,
    part: 0.25,
    acceleratorMemoryGiB: 5.6,
    gridDriver: true,
  });
  const families = new Set(all.filter(({ gridDriver }) => gridDriver).map(({ family }) => family));
  expect([...families]).toEqual(["g6f", "gr6f"]);
});

test("a type whose Spot support is not recorded says so by saying nothing", () => {
  expect(gpuInstance("g7.2xlarge")?.spot).toBeUndefined();
});

test("the P types can be reserved as capacity blocks, the G types cannot", () => {
  expect(gpuInstance("p5.4xlarge")?.capacityBlock).toBe(true);
  expect(gpuInstance("g6e.48xlarge")?.capacityBlock).toBe(false);
});

test("the types are sorted, and each appears once", () => {
  expect(gpuInstanceTypes).toEqual([...new Set(gpuInstanceTypes)].sort());
  expect(gpuInstanceTypes.length).toBeGreaterThan(70);
});

test("every entry is complete and plausible", () => {
  for (const instance of all) {
    expect(instance.type.startsWith(`${instance.family}.`)).toBe(true);
    expect(instance.accelerators).toBeGreaterThanOrEqual(1);
    expect(instance.acceleratorMemoryGiB).toBeGreaterThan(1);
    expect(instance.vcpus).toBeGreaterThanOrEqual(2);
    expect(instance.memoryGiB).toBeGreaterThanOrEqual(8);
  }
});

test("the catalogue names its sources", () => {
  expect(gpuCatalogueSources.specs).toContain("DescribeInstanceTypes");
});

describe("patterns", () => {
  const types = (pattern: string) => gpuInstancesMatching(pattern).map(({ type }) => type);

  test("a star matches any characters", () => {
    expect(types("p5*.48xlarge")).toEqual(["p5.48xlarge", "p5e.48xlarge", "p5en.48xlarge"]);
  });

  test("a dot matches a dot", () => {
    expect(types("gr6.*")).toEqual(["gr6.4xlarge", "gr6.8xlarge"]);
  });

  test("a type matches itself", () => {
    expect(types("g5.xlarge")).toEqual(["g5.xlarge"]);
  });

  test("what matches nothing gives nothing", () => {
    expect(types("g9.*")).toEqual([]);
    expect(types("g6.xlarge|g5.xlarge")).toEqual([]);
  });
});

describe("vCPU quotas", () => {
  test.each([
    ["g6.xlarge", "L-DB2E81BA", "L-3819A6DF"],
    ["gr6f.4xlarge", "L-DB2E81BA", "L-3819A6DF"],
    ["p4de.24xlarge", "L-417A185B", "L-7212CCBC"],
    ["p5en.48xlarge", "L-417A185B", "L-C4BD4855"],
    ["p6-b200.48xlarge", "L-417A185B", undefined],
    ["inf2.xlarge", "L-1945791B", "L-B5D1601B"],
    ["trn1n.32xlarge", "L-2C3B7624", "L-6B0D517C"],
    ["dl1.24xlarge", "L-6E869C2A", "L-85EED4F7"],
    ["m5.large", "L-1216C47A", "L-34B43A08"],
    ["c7i-flex.large", "L-1216C47A", "L-34B43A08"],
    ["r8g.2xlarge", "L-1216C47A", "L-34B43A08"],
    ["mac2.metal", undefined, undefined],
    ["constructor.large", undefined, undefined],
    ["", undefined, undefined],
  ])("%s counts against %s on demand and %s on Spot", (type, onDemand, spot) => {
    expect(onDemandQuota(type)?.code).toBe(onDemand);
    expect(spotQuota(type)?.code).toBe(spot);
  });

  test("every type of the catalogue has an on-demand quota", () => {
    expect(gpuInstanceTypes.filter((type) => onDemandQuota(type) === undefined)).toEqual([]);
  });
});
