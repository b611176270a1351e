import { readFileSync } from "node:fs";
import type { InstanceFacts } from "../../boot/user-data";
import { FakeInstance, scriptOf } from "./instance";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const GB = 1_000_000_000;
const MODEL = "Amazon EC2 NVMe Instance Storage";
const ROOT = "/dev/nvme0n1     Amazon Elastic Block Store";

interface Disks {
  /** The disks that `lsblk` lists, beside the root volume. */
  readonly disks?: readonly string[];
  /** The lines of `lsblk` for each of them: its type, its mount, and the devices on it. */
  readonly use?: string;
  /** The device with the label of an earlier boot. */
  readonly labelled?: string;
  /** Directories that are mount points. */
  readonly mounted?: readonly string[];
  readonly rootFree?: number;
  readonly storeSize?: number;
}

function instanceWith(
  { disks = [], use = "disk", labelled, mounted = [], rootFree = 90 * GB, storeSize = 250 * GB }: Disks,
  facts: Partial<InstanceFacts> = {},
): FakeInstance {
  const instance = new FakeInstance({
    volumes: [{ folder: "models", path: "/models", readOnly: true }],
    ...facts,
  });
  for (const program of ["mkdir", "mount", "mdadm", "mkfs.xfs", "dnf"]) {
    instance.fake(program);
  }
  const list = instance.file("disks", [ROOT, ...disks, ""].join("\n"));
  instance.fake(
    "lsblk",
    `case "$*" in
      *NAME,MODEL) cat '${list}' ;;
      *SIZE*) shift 5; for disk; do echo ' ${storeSize}'; done ;;
      *) echo '${use} ' ;;
    esac`,
  );
  instance.fake("blkid", labelled === undefined ? "exit 2" : `echo ${labelled}`);
  instance.fake("mountpoint", `[[ ' ${mounted.join(" ")} ' == *" $2 "* ]]`);
  instance.fake("df", `echo Avail; if [[ $3 == / ]]; then echo ${rootFree}; else echo ${storeSize}; fi`);
  instances.push(instance);
  return instance;
}

const store = (number: number) => `/dev/nvme${number}n1     ${MODEL}`;
const prepare = (instance: FakeInstance) => instance.run("model-cache.sh");
const commands = (instance: FakeInstance, program: string) =>
  instance.calls(program).map(([, ...args]) => args.join(" "));
/** All calls that change the instance. */
const changes = (instance: FakeInstance) =>
  ["mdadm", "mkfs.xfs", "mount"].flatMap((program) => instance.calls(program).map((call) => call.join(" ")));

describe("the model cache", () => {
  it("is the one disk of the instance store", () => {
    const instance = instanceWith({ disks: [store(1)] });
    const { status, stderr } = prepare(instance);
    expect(status).toBe(0);
    expect(stderr).toContain("the instance store is used");
    expect(changes(instance)).toEqual([
      "mkfs.xfs -q -f -K -L model-cache /dev/nvme1n1",
      "mount --options noatime /dev/nvme1n1 /model-data",
    ]);
    expect(commands(instance, "mkdir")).toEqual(["--parents /model-data"]);
  });

  it("is all disks of the instance store as one, and never an EBS volume", () => {
    const instance = instanceWith({
      disks: [store(1), "/dev/nvme2n1     Amazon Elastic Block Store", store(3)],
    });
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(changes(instance)).toEqual([
      "mdadm --create /dev/md/model-cache --run --level=0 --raid-devices=2 /dev/nvme1n1 /dev/nvme3n1",
      "mkfs.xfs -q -f -K -L model-cache /dev/md/model-cache",
      "mount --options noatime /dev/md/model-cache /model-data",
    ]);
    expect(instance.calls("dnf")).toEqual([]);
  });

  it("has mdadm installed if it is missing", () => {
    const instance = instanceWith({ disks: [store(1), store(2)] });
    instance.hide("mdadm").fake("dnf", `mv '${instance.path("hidden-mdadm")}' '${instance.path("mdadm")}'`);
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(commands(instance, "dnf")).toEqual(["install --assumeyes mdadm"]);
    expect(changes(instance).at(-1)).toBe("mount --options noatime /dev/md/model-cache /model-data");
  });

  it("is found again after a reboot, with its files", () => {
    const instance = instanceWith({ disks: [store(1), store(2)], labelled: "/dev/md127" });
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(commands(instance, "blkid")).toEqual(["--label model-cache"]);
    expect(changes(instance)).toEqual(["mount --options noatime /dev/md127 /model-data"]);
  });

  it("is a folder of the instance store if the machine image has mounted that itself", () => {
    const instance = instanceWith({ disks: [store(1)], mounted: ["/opt/dlami/nvme"] });
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(commands(instance, "mkdir")).toEqual([
      "--parents /model-data",
      "--parents /opt/dlami/nvme/model-cache",
    ]);
    expect(changes(instance)).toEqual(["mount --bind /opt/dlami/nvme/model-cache /model-data"]);
  });

  it("stays as it is when the start is repeated", () => {
    const instance = instanceWith({ disks: [store(1)], mounted: ["/model-data"] });
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(changes(instance)).toEqual([]);
  });
});

describe("the root volume is used", () => {
  it.each<[string, Disks, string]>([
    ["of an instance without instance store", {}, "no instance store"],
    [
      "when somebody's volume lies on the disks",
      { disks: [store(1)], use: "disk\nlvm  /data" },
      "no instance store",
    ],
    ["when a disk is mounted", { disks: [store(1)], use: "disk /data" }, "no instance store"],
    ["when the disks have less room", { disks: [store(1)], storeSize: 89 * GB }, `has ${89 * GB} bytes`],
    [
      "when what the machine image mounted has less room",
      { mounted: ["/opt/dlami/nvme"], storeSize: 89 * GB },
      `the root volume has ${90 * GB} bytes free`,
    ],
  ])("%s", (_, disks, message) => {
    const instance = instanceWith(disks);
    const { status, stderr } = prepare(instance);
    expect(status).toBe(0);
    expect(stderr).toContain(message);
    expect(changes(instance)).toEqual([]);
  });

  it("when they must outlast a stop", () => {
    const instance = instanceWith({ disks: [store(1)] }, { instanceStore: false });
    expect(prepare(instance)).toMatchObject({ status: 0 });
    expect(instance.calls()).toEqual([]);
  });

  it("when the disks cannot be made one, and the instance starts all the same", () => {
    const instance = instanceWith({ disks: [store(1), store(2)] }).fake("mdadm", "exit 1");
    expect(prepare(instance).status).not.toBe(0);
    expect(instance.calls("mount")).toEqual([]);
    expect(readFileSync(scriptOf("model-server.service"), "utf8")).toMatch(
      /^ExecStartPre=-\/opt\/model-server\/model-cache\.sh$/m,
    );
  });

  it("when the disk cannot be formatted", () => {
    const instance = instanceWith({ disks: [store(1)] }).fake("mkfs.xfs", "exit 1");
    expect(prepare(instance).status).not.toBe(0);
    expect(instance.calls("mount")).toEqual([]);
  });
});

it("counts the room of all disks together", () => {
  const instance = instanceWith({ disks: [store(1), store(2)], storeSize: 50 * GB });
  expect(prepare(instance)).toMatchObject({ status: 0 });
  expect(instance.calls("mount")).toHaveLength(1);
});

it("does nothing for a server that keeps nothing", () => {
  const instance = instanceWith({ disks: [store(1)] }, { volumes: [] });
  expect(prepare(instance)).toMatchObject({ status: 0 });
  expect(instance.calls()).toEqual([]);
});
