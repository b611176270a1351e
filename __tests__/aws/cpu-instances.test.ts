import { cpuInstance, cpuInstancesLike } from "../../aws/cpu-instances";
import { gpuInstanceTypes } from "../../aws/instance-types";

test.each([
  ["m7i.2xlarge", "x86_64", 8, 32],
  ["c7i.large", "x86_64", 2, 4],
  ["c7i-flex.large", "x86_64", 2, 4],
  ["r7a.medium", "x86_64", 1, 8],
  ["c5.9xlarge", "x86_64", 36, 72],
  ["m5.24xlarge", "x86_64", 96, 384],
  ["m5ad.xlarge", "x86_64", 4, 16],
  ["m5zn.3xlarge", "x86_64", 12, 48],
  ["m6idn.8xlarge", "x86_64", 32, 128],
  ["r7iz.large", "x86_64", 2, 16],
  ["r8i.96xlarge", "x86_64", 384, 3072],
  ["m8g.medium", "arm64", 1, 4],
  ["c7gn.16xlarge", "arm64", 64, 128],
  ["r6gd.12xlarge", "arm64", 48, 384],
])("%s is %s with %i vCPUs and %i GiB", (type, arch, vcpus, memoryGiB) => {
  expect(cpuInstance(type)).toEqual({ type, family: type.split(".")[0], arch, vcpus, memoryGiB });
});

test.each([
  ...["", "c7i", "c7i.", "c7i.*", "c7i.large.large", "constructor.large"],
  // Older, ahead of all, without its processor, bare metal, no size, other families.
  ...["m4.large", "m11i.large", "m7.large", "c7i.metal-24xl", "c7i.xxlarge", "t3.large", "x2idn.16xlarge"],
])("%p is not known", (type) => {
  expect(cpuInstance(type)).toBeUndefined();
});

test("no type with an accelerator is taken for one without", () => {
  expect(gpuInstanceTypes.filter((type) => cpuInstance(type) !== undefined)).toEqual([]);
});

test("the types of a family are found by a misspelt one", () => {
  expect(cpuInstancesLike("m7i.2xlarg")).toContain("m7i.2xlarge");
  expect(cpuInstancesLike("g6.2xlarg")).toEqual([]);
});
