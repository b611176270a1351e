import type { InstanceFacts } from "../../../boot/user-data";
import { FakeInstance } from "../instance";
import { type Loopback, listenOnLoopback } from "../model-and-metadata";

export const GPU = ["0x10de", "0x030200"] as const;
export const line = (number: number, errors: number | string = 0) => `00000000:0${number}:1E.0, ${errors}\n`;
export const xid = (code: number) =>
  `[ 1234.5] NVRM: Xid (PCI:0000:00:1e): ${code}, pid='<unknown>', name=<unknown>, whatever the text`;

export interface Hardware {
  /** Vendor and class of each PCI device. Default: one GPU. */
  readonly devices?: readonly (readonly [string, string])[];
  /** The output of nvidia-smi. */
  readonly listed?: string;
  readonly kernel?: readonly string[];
  /** Desired capacity, other healthy instances, and the state of this one. */
  readonly group?: string;
}

/** Instances whose GPUs and model gpu-watch.sh watches, for the tests of a file. */
export interface WatchedInstances {
  /** Their metadata service and model server, anew for each test. The model answers. */
  readonly loopback: Loopback;
  /** An instance without a fault, except the given ones. */
  instanceWith(hardware?: Hardware, facts?: Partial<InstanceFacts>): FakeInstance;
  /** The variables of the watch, which is quick. */
  environment(instance: FakeInstance): Record<string, string>;
  /** Runs the watch until it ends by itself. @throws Error after a minute */
  watch(
    instance: FakeInstance,
    meanwhile?: () => void,
  ): Promise<{ readonly status: number | null; readonly log: string }>;
  /** Runs the watch until `done`. @returns its log @throws Error after a minute */
  watchUntil(instance: FakeInstance, done: () => boolean): Promise<string>;
  /** Waits for so many more checks of the GPUs. @returns whether the instance was marked */
  markedWithin(instance: FakeInstance, turns: number): Promise<boolean>;
}

export function watchedInstances(): WatchedInstances {
  const instances: FakeInstance[] = [];
  let loopback: Loopback;
  beforeEach(async () => {
    loopback = await listenOnLoopback("InService");
    loopback.modelAnswers = true;
    loopback.answers["/ask"] = { status: 200, text: "" };
  });
  afterEach(() => loopback.close());
  afterAll(() => {
    for (const instance of instances) {
      instance.remove();
    }
  });
  const world: WatchedInstances = {
    get loopback() {
      return loopback;
    },
    instanceWith: (hardware = {}, facts = {}) => {
      const instance = new FakeInstance({
        health: { protocol: "http", port: loopback.port, path: "/health" },
        ...facts,
      });
      instances.push(instance);
      furnish(instance, hardware);
      return instance;
    },
    environment: (instance) => ({
      METADATA_ENDPOINT: `http://127.0.0.1:${loopback.port}`,
      PCI_DEVICES: instance.path("pci"),
      POLL_SECONDS: "0.05",
      PROBE_SECONDS: "0.05",
      JITTER_SECONDS: "0",
      SMI_SECONDS: "1",
    }),
    watch: (instance, meanwhile) => instance.runToEnd("gpu-watch.sh", world.environment(instance), meanwhile),
    watchUntil: (instance, done) => instance.runUntil(done, "gpu-watch.sh", world.environment(instance)),
    markedWithin: async (instance, turns) => {
      const before = looks(instance);
      await world.watchUntil(instance, () => looks(instance) >= before + turns);
      return marks(instance).length > 0;
    },
  };
  return world;
}

function furnish(
  instance: FakeInstance,
  { devices = [GPU], listed = line(0), kernel = [], group = "3\t2\tInService" }: Hardware,
): void {
  for (const [index, [vendor, type]] of devices.entries()) {
    const folder = `pci/0000:00:0${index}.0`;
    instance.file(`${folder}/vendor`, `${vendor}\n`);
    instance.file(`${folder}/class`, `${type}\n`);
  }
  instance.file("listed", listed);
  instance.file("kernel", ["[ 0.0] Linux", ...kernel, ""].join("\n"));
  instance.file("group", group);
  instance
    .fake("nvidia-smi", `cat '${instance.path("listed")}'`)
    .fake("dmesg", `cat '${instance.path("kernel")}'`)
    .fake("aws", `if [[ $2 == describe-auto-scaling-groups ]]; then cat '${instance.path("group")}'; fi`)
    .fake("systemctl")
    .fake("docker");
}

export const looks = (instance: FakeInstance) => instance.calls("nvidia-smi").length;
export const marks = (instance: FakeInstance) =>
  instance.calls("aws").filter(([, , call]) => call === "set-instance-health");
