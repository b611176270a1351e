import { gpuInstanceTypes } from "../../aws/instance-types";
import { gpuOfferingsSource, recordedZones, zoneId, zonesOffering } from "../../aws/offerings";
import offerings from "../../aws/offerings.json";
import { regionCodes } from "../../aws/regions";

test("a type is in the zones that EC2 names", () => {
  expect(zonesOffering("g6.xlarge", "eu-central-1")).toEqual(["1", "2", "3"]);
  expect(zonesOffering("p5.48xlarge", "ca-central-1")).toEqual(["4"]);
});

test("a type that a region does not have is in none of its zones", () => {
  expect(zonesOffering("g6.xlarge", "eu-west-1")).toEqual([]);
});

test("types and regions newer than the record have no zones", () => {
  expect(zonesOffering("g8.2xlarge", "us-east-1")).toBeUndefined();
  expect(zonesOffering("g6.xlarge", "mx-central-1")).toBeUndefined();
});

test("zones have ids that are the same in all accounts", () => {
  expect(recordedZones("ap-northeast-1")).toEqual(["1", "2", "4"]);
  expect(recordedZones("mx-central-1")).toBeUndefined();
  expect(zoneId("us-east-1", "4")).toBe("use1-az4");
});

test("the record has supported regions and types only, and names its source", () => {
  for (const [region, types] of Object.entries(offerings.regions)) {
    expect(regionCodes).toContain(region);
    for (const [type, zones] of Object.entries(types)) {
      expect(gpuInstanceTypes.some((each) => each === type || `${each.split(".")[0]}.*` === type)).toBe(true);
      expect(zones).toMatch(/^[1-9]+$/);
    }
  }
  expect(Object.keys(offerings.zones)).toEqual(Object.keys(offerings.regions));
  expect(Object.keys(offerings.zoneIdPrefix)).toEqual(Object.keys(offerings.regions));
  expect(gpuOfferingsSource).toContain("DescribeInstanceTypeOfferings");
});
