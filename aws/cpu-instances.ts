import type { Instance } from "./instance-types";

/**
 * Families without an accelerator: general purpose (m), compute optimized (c) and memory optimized (r). From generation
 * 6 on the letter of the processor follows: Intel, AMD or AWS Graviton. Then the options: b more EBS bandwidth, d an
 * instance store, n more network bandwidth, z a higher frequency.
 */
const FAMILY = /^([cmr])(\d+)([aig]?)[bdnz]{0,2}(-flex)?$/;

/** The first generation with the Nitro system in every size. */
const FIRST_GENERATION = 5;

/** The newest generation is 8; one further ahead than this is a slip of the pen. */
const LAST_GENERATION = 10;

/** Main memory for each vCPU, in GiB. A few types, such as those of c5n, have more. */
const GIB_PER_VCPU: ReadonlyMap<string, number> = new Map([
  ["c", 2],
  ["m", 4],
  ["r", 8],
]);

/** vCPUs by size: four for each unit of `xlarge`. No family has all sizes. */
const VCPUS: ReadonlyMap<string, number> = new Map([
  ["medium", 1],
  ["large", 2],
  ["xlarge", 4],
  ...[2, 3, 4, 6, 8, 9, 12, 16, 18, 24, 32, 48, 64, 96].map(
    (times) => [`${times}xlarge`, 4 * times] as const,
  ),
]);

/**
 * An instance type without an accelerator, by the rules of its name: there are too many to list. Whether a region has it
 * is asked of AWS.
 *
 * Source: Amazon EC2 instance types guide, "Instance type naming conventions" and the specifications of general purpose,
 * compute optimized and memory optimized instances.
 *
 * @returns `undefined` for any other type: of another family, an older generation, or bare metal
 */
export function cpuInstance(type: string): Instance | undefined {
  const [family = "", size = "", ...more] = type.split(".");
  const [, letter = "", digits, processor] = FAMILY.exec(family) ?? [];
  const generation = Number(digits);
  const perVcpu = GIB_PER_VCPU.get(letter);
  const vcpus = VCPUS.get(size);
  const hasProcessor = processor !== "" || generation === FIRST_GENERATION;
  const isKnown = generation >= FIRST_GENERATION && generation <= LAST_GENERATION && hasProcessor;
  return perVcpu === undefined || vcpus === undefined || !isKnown || more.length > 0
    ? undefined
    : {
        type,
        family,
        arch: processor === "g" ? "arm64" : "x86_64",
        vcpus,
        memoryGiB: vcpus * perVcpu,
      };
}

/** The types of the family of a type, by that rule; none for a family that has none. */
export function cpuInstancesLike(type: string): readonly string[] {
  const [family] = type.split(".");
  return [...VCPUS.keys()]
    .map((size) => `${family}.${size}`)
    .filter((each) => cpuInstance(each) !== undefined);
}
