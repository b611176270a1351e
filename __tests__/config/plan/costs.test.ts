import { onDemandPrice } from "../../../aws/prices";
import { deploymentCost, entryCost, variantCost } from "../../../config/plan/costs";
import { globalEndpointFile } from "../../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

const VOLUME_MONTH = 0.08;
const MONTH = 730;

/** The costs of the only variant, and what it is of. */
function costOf(model: Partial<WrittenFile["models"][string]>, file: Partial<WrittenFile> = {}) {
  const { deployment } = valid({
    ...validFile(),
    ...file,
    models: { llama: { ...validModel(), instanceTypes: ["g6.2xlarge", "g5.2xlarge"], ...model } },
  });
  const [region] = deployment.regions;
  const [llama] = region?.models ?? [];
  const [variant] = llama?.variants ?? [];
  if (region === undefined || llama === undefined || variant === undefined) {
    throw new Error("there is no variant");
  }
  const cost = variantCost(region, llama, variant);
  return { cost, variant, region, deployment, volumeHour: (variant.volume.value * VOLUME_MONTH) / MONTH };
}

const G6 = 0.9776;
const peak = { capacity: { peakRequestsPerMinute: 300, requestsPerMinutePerInstance: 100 }, scaling: {} };

test("an instance is counted as the first type of the list, with its volume", () => {
  const { cost, volumeHour } = costOf({ ...peak });
  expect(onDemandPrice("g6.2xlarge", "us-east-1")).toBe(G6);
  expect(cost?.atMin.value).toBeCloseTo(5 * (G6 + volumeHour), 9);
  expect(cost?.atMin.inputs).toMatchObject({ min: 5, "g6.2xlarge": G6, "g5.2xlarge": 1.212, volumeHour });
  expect(cost?.atMax.value).toBeCloseTo(8 * (G6 + volumeHour), 9);
});

test("survival costs the instances beyond those that serve the peak", () => {
  const { cost, volumeHour } = costOf({ ...peak });
  expect(cost?.ofSurvival.value).toBeCloseTo(2 * (G6 + volumeHour), 9);
  expect(costOf({ ...peak, survive: "nothing" }).cost?.ofSurvival.value).toBe(0);
});

test("what nothing is said to survive costs nothing for it, where no demand is written either", () => {
  const capacity = { min: 3, max: 4 };
  expect(costOf({ capacity, scaling: {} }).cost?.ofSurvival.value).toBeGreaterThan(0);
  expect(costOf({ capacity, scaling: {}, survive: "nothing" }).cost?.ofSurvival.value).toBe(0);
});

test("of a warm pool, stopped instances cost their volumes, and running ones all", () => {
  const capacity = { min: 3, max: 6 };
  const stopped = costOf({ capacity, scaling: {}, warmPool: { state: "Stopped" } });
  expect(stopped.cost?.atMin.value).toBeCloseTo(3 * (G6 + stopped.volumeHour) + 3 * stopped.volumeHour, 9);
  expect(stopped.cost?.atMax.value).toBeCloseTo(6 * (G6 + stopped.volumeHour), 9);
  const running = costOf({ capacity, scaling: {}, warmPool: { state: "Running", min: 1, maxPrepared: 5 } });
  expect(running.cost?.atMin.value).toBeCloseTo(5 * (G6 + running.volumeHour), 9);
  expect(running.cost?.atMax.value).toBeCloseTo(7 * (G6 + running.volumeHour), 9);
});

test("with requirements the cheapest type that meets them counts, which AWS launches first", () => {
  const { cost } = costOf({
    ...peak,
    instanceTypes: ["g5.*", "g6.*"],
    instanceRequirements: { gpus: { min: 1 }, gpuMemory: "22GiB", vcpus: 4, memory: "16GiB" },
    rollout: { skipMatching: false },
  });
  expect(Object.keys(cost?.atMin.inputs ?? {})).toEqual(["min", "g6.xlarge", "volumeHour"]);
});

test("a type without a recorded price is not counted, and named", () => {
  const { cost, deployment } = costOf(
    { ...peak },
    { regions: { "ap-southeast-7": { network: { create: { cidr: "10.0.0.0/16" } } } } },
  );
  expect(cost).toBeUndefined();
  expect(deploymentCost(deployment)).toMatchObject({
    unpriced: ["g6.2xlarge, g5.2xlarge in ap-southeast-7"],
    standIns: { "ap-southeast-7": "us-east-1" },
    dates: ["2026-07-20"],
  });
});

test("an entry costs its load balancer, and for each zone its addresses and its NAT gateway", () => {
  const { region } = costOf({ ...peak });
  const zone = 0.045 + 0.005;
  expect(entryCost(region).atMin.value).toBeCloseTo(0.0225 + 3 * 0.005 + 3 * zone, 9);
  expect(entryCost(region).ofSurvival.value).toBeCloseTo(2 * zone, 9);
});

test("a network without NAT costs its interface endpoints, and one that was there nothing", () => {
  const weights = { uri: "s3://example-weights/llama/", size: "15GiB" };
  const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0";
  const { region } = costOf(
    { ...peak, weights, image },
    {
      entry: { ...validFile().entry, scheme: "internal" },
      regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16", zones: 2, nat: "none" } } } },
    },
  );
  expect(entryCost(region).atMin.value).toBeCloseTo(0.0225 + 2 * 10 * 0.01, 9);
  const ids = (kind: string) => ["a", "b"].map((zone) => `subnet-0123456789abcde${kind}${zone}`);
  const existing = {
    vpcId: "vpc-0123456789abcdef0",
    albSubnetIds: ids("0"),
    instanceSubnetIds: ids("1"),
    publicAddresses: true,
  };
  const there = costOf({ ...peak }, { regions: { "us-east-1": { network: { existing } } } });
  expect(entryCost(there.region).atMin.value).toBeCloseTo(0.0225 + 2 * 0.005, 9);
  expect(entryCost(there.region).ofSurvival.value).toBe(0);
  const { atMin } = there.cost ?? {};
  const min = there.variant.capacity.min.value;
  expect(atMin?.value).toBeCloseTo(min * (G6 + 0.005 + there.volumeHour), 9);
});

test("a deployment costs what its parts cost, and its accelerator", () => {
  const sumOf = (routing: "latency" | "accelerator") =>
    deploymentCost(valid(globalEndpointFile({ routing })).deployment);
  const { deployment } = valid(globalEndpointFile({ routing: "latency" }));
  const parts = deployment.regions.flatMap((region) => [
    entryCost(region),
    ...region.models.flatMap((model) =>
      model.variants.flatMap((variant) => variantCost(region, model, variant) ?? []),
    ),
  ]);
  expect(sumOf("latency").atMax).toBeCloseTo(
    parts.reduce((sum, { atMax }) => sum + atMax.value, 0),
    9,
  );
  expect(sumOf("accelerator").atMin - sumOf("latency").atMin).toBeCloseTo(0.025, 9);
});

test("a Capacity Block is paid up front, and named instead of counted", () => {
  const capacityBlock = { id: "cr-0123456789abcdef0", zone: "use1-az4", until: "2027-01-10T11:30:00Z" };
  const { cost, deployment } = costOf({
    instanceTypes: ["p5.48xlarge"],
    capacity: { min: 2, max: 2 },
    scaling: {},
    survive: "nothing",
    capacityBlock,
  });
  expect(cost).toBeUndefined();
  expect(deploymentCost(deployment)).toMatchObject({ unpriced: [], paidUpFront: [capacityBlock.id] });
});

test("what is reserved and not used is paid for", () => {
  const fields = { instanceTypes: ["g6.2xlarge"], capacity: { min: 3, max: 5 } };
  const reservations = ["use1-az1", "use1-az4"].map((zone, index) => ({
    id: `cr-0123456789abcdef${index}`,
    zone,
    count: 3,
  }));
  const { cost: without } = costOf(fields);
  const { cost } = costOf({ ...fields, capacityReservation: { reservations } });
  // One instance runs in each of three zones, so four of the six that are reserved do not; with five instances it is two.
  const usd = cost?.atMin.inputs["g6.2xlarge"] ?? 0;
  expect((cost?.atMin.value ?? 0) - (without?.atMin.value ?? 0)).toBeCloseTo(4 * usd, 9);
  expect((cost?.atMax.value ?? 0) - (without?.atMax.value ?? 0)).toBeCloseTo(2 * usd, 9);
  expect(cost?.atMin.rule).toContain("and what is reserved and not used");
});
