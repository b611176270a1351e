import type {
  AutoscalingGroupLaunchTemplate,
  AutoscalingGroupMixedInstancesPolicy,
  AutoscalingGroupMixedInstancesPolicyInstancesDistribution,
  AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride,
} from "@cdktf/provider-aws/lib/autoscaling-group";
import { Token } from "cdktf";
import { cpuInstance } from "../../aws/cpu-instances";
import { type GpuInstance, gpuInstance, gpuInstancesMatching, type Instance } from "../../aws/instance-types";
import {
  ALLOWED_INSTANCE_TYPE,
  ALLOWED_INSTANCE_TYPES,
  INSTANCE_TYPE,
  INSTANCE_TYPES_PER_GROUP,
  ON_DEMAND_PERCENTAGE,
  SPOT_ALLOCATION_STRATEGIES,
  type SpotAllocationStrategy,
} from "../../aws/limits";
import { requireText, requireWithin } from "../require-within";

/** A number of at least `min` and, if given, at most `max`. */
export interface Range {
  /** The minimum. */
  readonly min: number;

  /**
   * The maximum.
   *
   * @default no limit
   */
  readonly max?: number;
}

/** What an instance must have when AWS chooses the type. NVIDIA GPUs are always required. */
export interface GpuInstanceRequirements {
  /**
   * Types to choose from, with `*` for any characters, e.g. `g6.*`: at most 400 of at most 30 characters. The GPUs
   * themselves cannot be named: `accelerator_names` is refused for L4, A10G, L40S and H100.
   *
   * @default all types
   */
  readonly allowedInstanceTypes?: readonly string[];

  /** GPUs of an instance, from 1. */
  readonly acceleratorCount: Range;

  /** Memory of all GPUs of an instance together, in MiB. */
  readonly acceleratorTotalMemoryMiB: Range;

  /** vCPUs, from 1. */
  readonly vcpuCount: Range;

  /** Main memory in MiB. */
  readonly memoryMiB: Range;
}

/** The instance types of a mixed instances policy: a list in order of preference, or what an instance must have. */
export type ChosenInstances =
  | { readonly types: readonly string[]; readonly requirements?: never; readonly ofTemplate?: never }
  | { readonly requirements: GpuInstanceRequirements; readonly types?: never; readonly ofTemplate?: never };

/**
 * The instance types a group may launch: {@link ChosenInstances}, or the one type of the launch template, as a Capacity Block
 * needs it. AWS takes no mixed instances policy with a template that targets one.
 */
export type GpuInstances =
  | ChosenInstances
  | { readonly ofTemplate: true; readonly types?: never; readonly requirements?: never };

/** How much is on-demand and how much Spot. */
export interface Purchase {
  /**
   * The first instances of the group, which are always on-demand.
   *
   * @default 0
   */
  readonly onDemandBase?: number;

  /**
   * Per cent of the instances above the base that are on-demand, 0 to 100; the others are Spot.
   *
   * @default 100
   */
  readonly onDemandPercentageAboveBase?: number;

  /**
   * How Spot pools are chosen. `capacity-optimized-prioritized` follows the order of a list of types, so it needs such
   * a list. AWS recommends the default.
   *
   * @default "price-capacity-optimized"
   */
  readonly spotAllocationStrategy?: SpotAllocationStrategy;
}

/** A launch template and the one version of it that instances run. */
export interface PinnedLaunchTemplate {
  /** Id of the launch template. */
  readonly id: string;

  /**
   * Number of the version. Take the template's `latestVersion`: an instance refresh starts when the number changes.
   * `$Latest` and `$Default` are refused: they never change, so no refresh would start and none could be rolled back.
   */
  readonly version: string;
}

/** So high a threshold turns price protection off. It compares with M, C and R types, and GPUs cost far more. */
const NO_PRICE_PROTECTION = 999_999;

/** Whether the group may launch Spot instances. */
export function usesSpot({ onDemandPercentageAboveBase = ON_DEMAND_PERCENTAGE.default }: Purchase): boolean {
  return onDemandPercentageAboveBase < ON_DEMAND_PERCENTAGE.max;
}

/**
 * The mixed instances policy of an Auto Scaling group. AWS tries a list of types in its order. Requirements have no
 * order: AWS takes the cheapest type with capacity.
 *
 * @throws Error when a list repeats a type, types or patterns mix architectures, the version is not pinned, or the Spot strategy does not fit the rest
 * @throws RangeError when a number, or the length of a list, is out of range
 */
export function mixedInstancesPolicy(
  template: PinnedLaunchTemplate,
  instances: ChosenInstances,
  purchase: Purchase,
): AutoscalingGroupMixedInstancesPolicy {
  requirePinned(template);
  return {
    instancesDistribution: distribution(instances, purchase),
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId: template.id, version: template.version },
      override: instances.types
        ? typesInOrder(instances.types)
        : [{ instanceRequirements: requirements(instances.requirements, usesSpot(purchase)) }],
    },
  };
}

/** @throws Error when the version is not pinned */
export function onlyOfTemplate(template: PinnedLaunchTemplate): AutoscalingGroupLaunchTemplate {
  requirePinned(template);
  return { id: template.id, version: template.version };
}

function distribution(
  instances: ChosenInstances,
  purchase: Purchase,
): AutoscalingGroupMixedInstancesPolicyInstancesDistribution {
  const {
    onDemandBase = 0,
    onDemandPercentageAboveBase = ON_DEMAND_PERCENTAGE.default,
    spotAllocationStrategy,
  } = purchase;
  requireWithin("onDemandBase", onDemandBase, { min: 0 });
  requireWithin("onDemandPercentageAboveBase", onDemandPercentageAboveBase, ON_DEMAND_PERCENTAGE);
  if (spotAllocationStrategy && !usesSpot(purchase)) {
    throw new Error("spotAllocationStrategy does nothing while onDemandPercentageAboveBase is 100");
  }
  if (spotAllocationStrategy === "capacity-optimized-prioritized" && instances.requirements) {
    throw new Error(
      "capacity-optimized-prioritized needs a list of instance types; requirements have no order",
    );
  }
  return {
    onDemandAllocationStrategy: instances.types ? "prioritized" : "lowest-price",
    onDemandBaseCapacity: onDemandBase,
    onDemandPercentageAboveBaseCapacity: onDemandPercentageAboveBase,
    spotAllocationStrategy: usesSpot(purchase)
      ? (spotAllocationStrategy ?? SPOT_ALLOCATION_STRATEGIES.values[0])
      : undefined,
  };
}

function typesInOrder(
  types: readonly string[],
): AutoscalingGroupMixedInstancesPolicyLaunchTemplateOverride[] {
  requireWithin("number of instances.types", types.length, INSTANCE_TYPES_PER_GROUP);
  if (new Set(types).size < types.length) {
    throw new Error(`instances.types names a type twice: ${types.join(", ")}`);
  }
  for (const type of types) {
    requireText("a type of instances.types", type, INSTANCE_TYPE);
  }
  requireOneArchitecture(
    "instances.types",
    types,
    types.flatMap((type) => gpuInstance(type) ?? cpuInstance(type) ?? []),
  );
  return types.map((instanceType) => ({ instanceType }));
}

function requirements(required: GpuInstanceRequirements, spot: boolean) {
  const { allowedInstanceTypes, acceleratorCount, acceleratorTotalMemoryMiB, vcpuCount, memoryMiB } =
    required;
  requireRange("acceleratorCount", acceleratorCount);
  requireRange("acceleratorTotalMemoryMiB", acceleratorTotalMemoryMiB);
  requireRange("vcpuCount", vcpuCount);
  requireRange("memoryMiB", memoryMiB);
  requireWithin("number of allowedInstanceTypes", allowedInstanceTypes?.length, ALLOWED_INSTANCE_TYPES);
  for (const pattern of allowedInstanceTypes ?? []) {
    requireText("a pattern of allowedInstanceTypes", pattern, ALLOWED_INSTANCE_TYPE);
  }
  requireOneArchitecture(
    "allowedInstanceTypes",
    allowedInstanceTypes ?? [],
    (allowedInstanceTypes ?? [])
      .flatMap(gpuInstancesMatching)
      .filter((instance) => meets(instance, required)),
  );
  return {
    acceleratorTypes: ["gpu"],
    acceleratorManufacturers: ["nvidia"],
    allowedInstanceTypes: allowedInstanceTypes && [...allowedInstanceTypes],
    acceleratorCount,
    acceleratorTotalMemoryMib: acceleratorTotalMemoryMiB,
    vcpuCount,
    memoryMib: memoryMiB,
    onDemandMaxPricePercentageOverLowestPrice: NO_PRICE_PROTECTION,
    spotMaxPricePercentageOverLowestPrice: spot ? NO_PRICE_PROTECTION : undefined,
  };
}

function requireOneArchitecture(
  what: string,
  given: readonly string[],
  instances: readonly Instance[],
): void {
  if (new Set(instances.map(({ arch }) => arch)).size > 1) {
    throw new Error(
      `${what} mixes x86_64 and arm64, which no machine image of one launch template serves: ${given.join(", ")}`,
    );
  }
}

/** Whether a type has what is required, as far as that is known before Terraform runs. */
function meets(instance: GpuInstance, required: GpuInstanceRequirements): boolean {
  const { vendor, accelerators, acceleratorMemoryGiB, vcpus, memoryGiB } = instance;
  const within = (value: number, { min, max }: Range) =>
    (Token.isUnresolved(min) || value >= min) &&
    (max === undefined || Token.isUnresolved(max) || value <= max);
  return (
    vendor === "nvidia" &&
    within(accelerators, required.acceleratorCount) &&
    within(accelerators * acceleratorMemoryGiB * 1024, required.acceleratorTotalMemoryMiB) &&
    within(vcpus, required.vcpuCount) &&
    within(memoryGiB * 1024, required.memoryMiB)
  );
}

function requireRange(what: string, { min, max }: Range): void {
  requireWithin(`${what}.min`, min, { min: 1 });
  if (!Token.isUnresolved(min)) {
    requireWithin(`${what}.max`, max, { min });
  }
}

function requirePinned({ version }: PinnedLaunchTemplate): void {
  if (!Token.isUnresolved(version) && !/^[1-9]\d*$/.test(version)) {
    throw new Error(`launchTemplate.version must be the number of a version; got "${version}"`);
  }
}
