import { region, regionCodes, regionPartition } from "../../aws/regions";

test("a commercial region is in the aws partition", () => {
  expect(regionPartition("us-east-1")).toBe("aws");
});

test("a GovCloud region is in its own partition", () => {
  expect(regionPartition("us-gov-west-1")).toBe("aws-us-gov");
});

test("a China region is in its own partition", () => {
  expect(regionPartition("cn-north-1")).toBe("aws-cn");
});

test.each(["us-west-9", "", "toString", "US-EAST-1", "us-east-1a", "aws-global"])(
  "%p is no region",
  (code) => {
    expect(region(code)).toBeUndefined();
    expect(regionPartition(code)).toBeUndefined();
  },
);

test("an account sees two zones of us-west-1, three or more elsewhere", () => {
  expect(region("us-west-1")?.zonesMax).toBe(2);
  expect(regionCodes.filter((code) => region(code)?.zonesMax !== undefined)).toEqual(["us-west-1"]);
});

test("the codes are sorted, and each appears once", () => {
  expect(regionCodes).toEqual([...new Set(regionCodes)].sort());
});

test("the commercial regions are those of the aws partition", () => {
  expect(regionCodes.filter((code) => regionPartition(code) === "aws")).toHaveLength(34);
});
