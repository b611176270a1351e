import catalogue from "./instance-types.json";

/** An instance type, as EC2 describes it. */
export interface Instance {
  /** e.g. `g6.xlarge`. */
  readonly type: string;
  /** e.g. `g6` of `g6.xlarge`. */
  readonly family: string;
  /** Architecture of the CPU. The machine image and the container image must have the same one. */
  readonly arch: "x86_64" | "arm64";
  readonly vcpus: number;
  /** Main memory, in GiB. */
  readonly memoryGiB: number;
}

/** A GPU or accelerator instance type. */
export interface GpuInstance extends Instance {
  /** Who makes the accelerator: CUDA containers and the NVIDIA machine image run on `nvidia` only. */
  readonly vendor: "nvidia" | "aws";
  /** e.g. `NVIDIA L4`. */
  readonly accelerator: string;
  /** How many accelerators the operating system sees. It sees a part of a GPU as one. */
  readonly accelerators: number;
  /** The share of a GPU that each accelerator is: 1, or 0.125, 0.25, 0.5 for `g6f` and `gr6f`. */
  readonly part: number;
  /**
   * Memory of each accelerator, in GiB, as DescribeInstanceTypes reports it. CUDA sees a little less. The difference is
   * largest on the T4, where error correction takes a sixteenth.
   */
  readonly acceleratorMemoryGiB: number;
  /** Size of the instance store, in 10⁹ bytes; 0 when there is none. It is empty after a stop. */
  readonly nvmeGB: number;
  /** Maximum EBS bandwidth of the type, in 10⁶ bits a second; `undefined` when unknown. */
  readonly ebsMbps?: number;
  /** Whether the API accepts Spot requests for it, with or without capacity; `undefined` when unknown. */
  readonly spot?: boolean;
  /** Whether it can be reserved as an EC2 Capacity Block. */
  readonly capacityBlock: boolean;
  /**
   * Whether it needs NVIDIA's GRID (vGPU) driver. Parts of a GPU do. The Deep Learning Base AMI has the data centre
   * driver, which finds no GPU on such an instance. Source: "NVIDIA drivers for your Amazon EC2 instance", drivers by
   * instance type.
   */
  readonly gridDriver: boolean;
}

/**
 * The compute capability of NVIDIA's accelerators, which says what kernels run on them. Source: NVIDIA, "CUDA GPU Compute
 * Capability".
 */
const COMPUTE_CAPABILITIES: Readonly<Record<string, number>> = {
  "NVIDIA T4": 7.5,
  "NVIDIA T4g": 7.5,
  "NVIDIA A100": 8,
  "NVIDIA A10G": 8.6,
  "NVIDIA L4": 8.9,
  "NVIDIA L40S": 8.9,
  "NVIDIA H100": 9,
  "NVIDIA H200": 9,
  "NVIDIA B200": 10,
  "NVIDIA B300": 10.3,
  "NVIDIA RTX PRO 4500": 12,
  "NVIDIA RTX PRO Server 6000": 12,
};

/** The compute capability of the accelerators of an instance, such as 8.9; `undefined` for those of other makers. */
export function computeCapability({ accelerator }: GpuInstance): number | undefined {
  return COMPUTE_CAPABILITIES[accelerator];
}

/** Whether an instance has accelerators. */
export function hasAccelerators(instance: Instance): instance is GpuInstance {
  return "accelerators" in instance;
}

/** A quota of Service Quotas (service `ec2`), counted in vCPUs. */
export interface VcpuQuota {
  readonly code: string;
  readonly name: string;
}

type CatalogueEntry = Omit<
  GpuInstance,
  "family" | "vendor" | "part" | "nvmeGB" | "capacityBlock" | "gridDriver"
> &
  Partial<Pick<GpuInstance, "part" | "nvmeGB" | "capacityBlock">>;

const entries = catalogue.instances as readonly CatalogueEntry[];

/** The sources of the catalogue, with their dates. */
export const gpuCatalogueSources: Readonly<Record<string, string>> = catalogue.sources;

const INSTANCES: ReadonlyMap<string, GpuInstance> = new Map(
  entries.map((entry) => {
    const part = entry.part ?? 1;
    return [
      entry.type,
      {
        ...entry,
        family: familyOf(entry.type),
        vendor: entry.accelerator.startsWith("NVIDIA ") ? "nvidia" : "aws",
        part,
        nvmeGB: entry.nvmeGB ?? 0,
        capacityBlock: entry.capacityBlock ?? false,
        gridDriver: part < 1,
      },
    ];
  }),
);

/** Every type of the catalogue, sorted by name. */
export const gpuInstanceTypes: readonly string[] = [...INSTANCES.keys()].sort();

/** The entry of a type; `undefined` for a type that is not in the catalogue. */
export function gpuInstance(type: string): GpuInstance | undefined {
  return INSTANCES.get(type);
}

/**
 * The types that match a pattern of Auto Scaling's `allowed_instance_types`, sorted by name.
 *
 * @param pattern a type, or part of one with `*` for any characters: `g6.*`, `g*.xlarge`
 */
export function gpuInstancesMatching(pattern: string): readonly GpuInstance[] {
  const literal = pattern.split("*").map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${literal.join(".*")}$`);
  return gpuInstanceTypes.flatMap((type) => (expression.test(type) ? (gpuInstance(type) ?? []) : []));
}

/** A generation further ahead than this is a slip of the pen. */
const GENERATIONS_AHEAD = 2;

/** The generations of a family's letters in the catalogue: 4 to 7 for `g`. */
function generationsOf(letters: string): readonly number[] {
  return [...INSTANCES.values()]
    .filter(({ family }) => familyLetters(family) === letters)
    .map(({ family }) => Number(/\d+/.exec(family)?.[0]));
}

/**
 * Whether a type, or a pattern of types, is written like a `g` or `p` type that is newer than the catalogue: of a newer
 * generation, such as `g8.2xlarge` or `g8.*`, another family of one that is known, such as `g6x.2xlarge`, or another
 * size of a family.
 */
export function isNewerThanCatalogue(type: string): boolean {
  const [, letters = "", digits] =
    /^([gp])(\d+)[a-z]*(?:-[a-z]+\d+)?\.(?:\*|(?:\d+x|x)?large|metal(?:-\d+xl)?)$/.exec(type) ?? [];
  const known = generationsOf(letters);
  const generation = Number(digits);
  return (
    known.length > 0 &&
    generation >= Math.min(...known) &&
    generation <= Math.max(...known) + GENERATIONS_AHEAD &&
    gpuInstancesMatching(type).length === 0
  );
}

/**
 * Whether a type is a part of an UltraServer, also one that is newer than the catalogue. Source: EC2 user guide, Capacity
 * Blocks for ML, Supported instance types (Trn2 and P6e-GB200 UltraServers).
 */
export function isOfUltraServer(type: string): boolean {
  return /^(trn\d+u|p\d+e-gb\d+)\./.test(type);
}

/** The type with the same GPUs and the fewest vCPUs, which may be the type itself. */
export function leanest(instance: GpuInstance): GpuInstance {
  const { accelerator, accelerators, arch, part } = instance;
  return [...INSTANCES.values()]
    .filter((each) => each.accelerator === accelerator && each.accelerators === accelerators)
    .filter((each) => each.arch === arch && each.part === part)
    .reduce((least, each) => (each.vcpus < least.vcpus ? each : least), instance);
}

/**
 * The vCPU quotas by the letters a family starts with.
 * Source: "Amazon EC2 instance type quotas", Amazon EC2 instance types guide.
 */
const ON_DEMAND_QUOTAS: ReadonlyMap<string, VcpuQuota> = new Map(
  Object.entries({
    ...ofStandardTypes({
      code: "L-1216C47A",
      name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    }),
    dl: { code: "L-6E869C2A", name: "Running On-Demand DL instances" },
    g: { code: "L-DB2E81BA", name: "Running On-Demand G and VT instances" },
    gr: { code: "L-DB2E81BA", name: "Running On-Demand G and VT instances" },
    inf: { code: "L-1945791B", name: "Running On-Demand Inf instances" },
    p: { code: "L-417A185B", name: "Running On-Demand P instances" },
    trn: { code: "L-2C3B7624", name: "Running On-Demand Trn instances" },
  }),
);

const SPOT_QUOTAS: ReadonlyMap<string, VcpuQuota> = new Map(
  Object.entries({
    ...ofStandardTypes({
      code: "L-34B43A08",
      name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    }),
    dl: { code: "L-85EED4F7", name: "All DL Spot Instance Requests" },
    g: { code: "L-3819A6DF", name: "All G and VT Spot Instance Requests" },
    gr: { code: "L-3819A6DF", name: "All G and VT Spot Instance Requests" },
    inf: { code: "L-B5D1601B", name: "All Inf Spot Instance Requests" },
    p2: { code: "L-7212CCBC", name: "All P4, P3 and P2 Spot Instance Requests" },
    p3: { code: "L-7212CCBC", name: "All P4, P3 and P2 Spot Instance Requests" },
    p4: { code: "L-7212CCBC", name: "All P4, P3 and P2 Spot Instance Requests" },
    p5: { code: "L-C4BD4855", name: "All P5 Spot Instance Requests" },
    trn: { code: "L-6B0D517C", name: "All Trn Spot Instance Requests" },
  }),
);

/** One quota for the general purpose, compute optimized and memory optimized types together. */
function ofStandardTypes(quota: VcpuQuota) {
  return { c: quota, m: quota, r: quota };
}

/**
 * The quota of on-demand instances of a type. Each instance counts with its vCPUs.
 * In a new account it is 0 for every family with an accelerator, and AWS takes hours to days to raise it.
 *
 * @returns `undefined` for a family without a quota in this catalogue
 */
export function onDemandQuota(type: string): VcpuQuota | undefined {
  return ON_DEMAND_QUOTAS.get(familyLetters(type));
}

/**
 * The quota of Spot instances of a type. Each instance counts with its vCPUs.
 *
 * @returns `undefined` for a family without a quota in this catalogue: AWS documents none for P6
 */
export function spotQuota(type: string): VcpuQuota | undefined {
  return SPOT_QUOTAS.get(familyLetters(type)) ?? SPOT_QUOTAS.get(generationOf(type));
}

/** `g6e` of `g6e.xlarge`. */
export function familyOf(type: string): string {
  return type.slice(0, type.indexOf("."));
}

/** `g` of `g6e.xlarge`, `trn` of `trn1n.32xlarge`. */
function familyLetters(type: string): string {
  return /^[a-z]+/.exec(type)?.[0] ?? "";
}

/** `p5` of `p5en.48xlarge`. */
function generationOf(type: string): string {
  return /^[a-z]+\d+/.exec(type)?.[0] ?? "";
}
