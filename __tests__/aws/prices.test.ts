import { readFileSync } from "node:fs";
import { cpuInstance } from "../../aws/cpu-instances";
import { gpuInstance } from "../../aws/instance-types";
import { acceleratorHourPrice, onDemandPrice, pricesDate, servicePrices } from "../../aws/prices";
import prices from "../../aws/prices.json";
import { regionCodes } from "../../aws/regions";
import { pricesText } from "../../scripts/prices/text";

test("a type has the price of its region", () => {
  expect(onDemandPrice("g6.xlarge", "us-east-1")).toBe(0.8048);
  expect(onDemandPrice("p5.48xlarge", "us-east-1")).toBe(55.04);
  expect(onDemandPrice("g5.xlarge", "eu-central-1")).toBeGreaterThan(
    onDemandPrice("g5.xlarge", "us-east-1") ?? Number.POSITIVE_INFINITY,
  );
});

test.each([
  ["sold as Capacity Blocks only", "p5e.48xlarge", "us-east-1"],
  ["that a region does not have", "g6.xlarge", "mx-central-1"],
  ["in a region without a record", "g6.xlarge", "ap-southeast-7"],
  ["that is no type", "g6", "us-east-1"],
])("a type %s has none", (_, type, region) => {
  expect(onDemandPrice(type, region)).toBeUndefined();
});

test("services of a region without a record are counted at the prices of another one, which is named", () => {
  expect(servicePrices("us-east-1")).toEqual({
    loadBalancerHour: 0.0225,
    natGatewayHour: 0.045,
    interfaceEndpointHour: 0.01,
    publicAddressHour: 0.005,
    gp3GbMonth: 0.08,
  });
  expect(servicePrices("ap-southeast-7")).toEqual({ ...servicePrices("us-east-1"), standIn: "us-east-1" });
  expect(acceleratorHourPrice).toBe(0.025);
});

test("the record has supported regions and types only, above nothing, each region with its day and source", () => {
  for (const [region, { recorded, source, instances }] of Object.entries(prices.regions)) {
    expect(regionCodes).toContain(region);
    expect(pricesDate(region)).toBe(recorded);
    expect(recorded).toMatch(/^202\d-\d\d-\d\d$/);
    expect(source).toContain("AWS price list");
    for (const [family, sizes] of Object.entries(instances)) {
      for (const [size, usd] of Object.entries(sizes)) {
        const type = `${family}.${size}`;
        expect(gpuInstance(type) ?? cpuInstance(type)).toBeDefined();
        expect(usd).toBeGreaterThan(0);
      }
    }
  }
});

test("the file is as `npm run prices` writes it", () => {
  expect(pricesText(prices)).toBe(readFileSync(require.resolve("../../aws/prices.json"), "utf8"));
});
