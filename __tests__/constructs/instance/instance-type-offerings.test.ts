import { DataAwsEc2InstanceTypeOfferings } from "@cdktf/provider-aws/lib/data-aws-ec2-instance-type-offerings";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Testing } from "cdktf";
import { InstanceTypeOfferings } from "../../../constructs/instance/instance-type-offerings";
import { ServingStack } from "../../../stacks/serving-stack";
import "cdktf/lib/testing/adapters/jest";

function synthesize(zoneCount: number, types = ["g6.xlarge", "g5.xlarge", "g6.xlarge"]) {
  const stack = new ServingStack(Testing.app(), "region");
  const zoneIds = `["use1-az1", "use1-az4"]`;
  const { precondition } = new InstanceTypeOfferings(stack, "offerings", { types, zoneIds, zoneCount });
  new SecurityGroup(stack, "guarded", { lifecycle: { precondition: [precondition] } });
  return { precondition, synthesized: Testing.synth(stack) };
}

it("asks AWS for the zones of the types, by zone id", () => {
  expect(synthesize(2).synthesized).toHaveDataSourceWithProperties(DataAwsEc2InstanceTypeOfferings, {
    location_type: "availability-zone-id",
    filter: [{ name: "instance-type", values: ["g5.xlarge", "g6.xlarge"] }],
  });
});

it("wants as many of the instances' zones among them as were counted", () => {
  const { synthesized, precondition } = synthesize(2);
  expect(JSON.parse(synthesized).locals).toEqual({
    offerings_zones: `\${data.aws_ec2_instance_type_offerings.offerings.locations}`,
    "offerings_instance-zones": `\${sort(setintersection(local.offerings_zones, ["use1-az1", "use1-az4"]))}`,
  });
  expect(precondition.condition).toBe(`\${length(local.offerings_instance-zones) >= 2}`);
  expect(precondition.errorMessage).toContain(
    "based on 2 Availability Zone(s) that offer g5.xlarge or g6.xlarge",
  );
});

it("refuses no type, and no zone", () => {
  expect(() => synthesize(2, [])).toThrow("types must name at least one instance type");
  expect(() => synthesize(0)).toThrow(RangeError);
});
