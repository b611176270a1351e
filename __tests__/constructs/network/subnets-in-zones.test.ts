import { Testing } from "cdktf";
import { SubnetsInZones } from "../../../constructs/network/subnets-in-zones";
import { ServingStack } from "../../../stacks/serving-stack";

const stack = () => new ServingStack(Testing.app(), "stack");

it("finds subnets by the names or ids of their zones, and refuses a plan without one", () => {
  const within = stack();
  const { precondition } = new SubnetsInZones(within, "placed", {
    subnets: "local.subnets",
    zones: ["use1-az4", "us-east-1b", "use1-az4"],
    subject: "Capacity Block cr-1",
  });
  expect(JSON.parse(Testing.synth(within)).locals).toEqual({
    placed_found: `\${[for subnet in local.subnets : subnet.id if contains(["us-east-1b","use1-az4"], subnet.availability_zone) || contains(["us-east-1b","use1-az4"], subnet.availability_zone_id)]}`,
    placed_missing: `\${setsubtract(["us-east-1b","use1-az4"], concat(local.subnets[*].availability_zone, local.subnets[*].availability_zone_id))}`,
  });
  expect(precondition.condition).toBe(`\${length(local.placed_missing) == 0}`);
  expect(precondition.errorMessage).toMatch(/^Capacity Block cr-1: no subnet of the instances is in /);
});

it("needs a zone", () => {
  expect(() => new SubnetsInZones(stack(), "placed", { subnets: "[]", zones: [], subject: "" })).toThrow(
    "zones must name at least one zone",
  );
});
