import type { NetworkToMake } from "../../../config/plan/deployment";
import { globalEndpointFile } from "../../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

function networkOf(file: WrittenFile, region: string): NetworkToMake {
  const found = valid(file).deployment.regions.find(({ name }) => name === region);
  if (found?.network.kind !== "created") {
    throw new Error(`${region} makes no network`);
  }
  return found.network;
}

const inRegion = (region: string, instanceTypes: string[], create: object = {}): WrittenFile => ({
  ...validFile(),
  regions: { [region]: { network: { create: { cidr: "10.0.0.0/16", ...create } } } },
  models: { llama: { ...validModel(), instanceTypes, capacity: { min: 6, max: 9 } } },
});

describe("the zones of a network, where the file gives their number", () => {
  test("are those first that have the types", () => {
    const { zoneChoice } = networkOf(inRegion("us-east-1", ["p5en.48xlarge"]), "us-east-1");
    expect(zoneChoice.preferred.slice(0, 3)).toEqual(["use1-az2", "use1-az6", "use1-az1"]);
  });

  test("are those first that have the types of the most models", () => {
    const file = inRegion("us-east-1", ["g6.2xlarge"]);
    const large = { ...validModel(), instanceTypes: ["p5en.48xlarge"], capacity: { min: 2, max: 4 } };
    const { zoneChoice } = networkOf({ ...file, models: { ...file.models, large } }, "us-east-1");
    expect(zoneChoice.preferred.slice(0, 3)).toEqual(["use1-az2", "use1-az6", "use1-az1"]);
  });

  test("are none where AWS makes no NAT gateway, and without NAT those last", () => {
    const withNat = networkOf(inRegion("us-east-1", ["p5.48xlarge"]), "us-east-1").zoneChoice;
    expect(withNat.excluded).toContain("use1-az3");
    expect(withNat.preferred).toEqual(["use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"]);
    const file = inRegion("us-east-1", ["p5.48xlarge"], { nat: "none" });
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0";
    const models = { llama: { ...validModel(), image, instanceTypes: ["p5.48xlarge"] } };
    const without = networkOf({ ...file, models }, "us-east-1").zoneChoice;
    expect(without.excluded).toEqual([]);
    expect(without.preferred.at(-1)).toBe("use1-az3");
  });

  test("are none that Global Accelerator leaves out, in a network of either kind", () => {
    const existing = {
      vpcId: "vpc-0123456789abcdef0",
      albSubnetTags: { tier: "public" },
      instanceSubnetTags: { tier: "private" },
      zones: 2,
    };
    const file = globalEndpointFile(
      { routing: "accelerator" },
      { "us-east-1": {}, "us-west-2": { network: { existing } } },
    );
    expect(networkOf(file, "us-east-1").zoneChoice.excluded).toEqual(
      expect.arrayContaining(["apne1-az3", "cac1-az3", "usw1-az2"]),
    );
    const other = valid(file).deployment.regions.find(({ name }) => name === "us-west-2")?.network;
    expect(other).toMatchObject({ kind: "existing", excludedZones: ["apne1-az3", "cac1-az3", "usw1-az2"] });
  });

  test("are the region's own where it is newer than the record", () => {
    expect(networkOf(inRegion("mx-central-1", ["g6.2xlarge"]), "mx-central-1").zoneChoice.preferred).toEqual(
      [],
    );
  });
});

describe("zones that sizes count", () => {
  const zonesOf = (file: WrittenFile) =>
    valid(file).deployment.regions[0]?.models[0]?.variants[0]?.zones.value;
  const existing = {
    vpcId: "vpc-0123456789abcdef0",
    albSubnetTags: { tier: "public" },
    instanceSubnetTags: { tier: "private" },
    zones: 3,
  };

  test.each([
    ["that have one of the types each", inRegion("ap-northeast-1", ["g6.2xlarge", "g5.2xlarge"]), 2],
    ["that together have the types", inRegion("ap-northeast-1", ["g6.2xlarge", "g4dn.2xlarge"]), 3],
    [
      "by name, as many as the region has with the types",
      inRegion("ap-northeast-1", ["g6.2xlarge"], {
        zones: ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"],
      }),
      2,
    ],
    [
      "of an existing network, the same",
      {
        ...inRegion("ap-northeast-1", ["g6.2xlarge"]),
        regions: { "ap-northeast-1": { network: { existing } } },
      },
      2,
    ],
    [
      "all, where a type is newer than the record",
      inRegion("ap-northeast-1", ["g6.2xlarge", "g8.2xlarge"]),
      3,
    ],
    ["all, where the region is newer than the record", inRegion("mx-central-1", ["g6.2xlarge"]), 3],
  ] as const)("%s", (_, file, zones) => {
    expect(zonesOf(file)).toBe(zones);
  });

  test("one, with a single reservation", () => {
    const llama: WrittenFile["models"][string] = {
      ...validModel(),
      survive: "nothing",
      instanceTypes: ["g6.2xlarge"],
      capacityReservation: { preference: "capacity-reservations-only", id: "cr-0123456789abcdef0" },
    };
    expect(zonesOf({ ...inRegion("us-east-1", []), models: { llama } })).toBe(1);
  });
});
