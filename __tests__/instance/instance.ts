import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { metadataService } from "../boot/metadata-service";
import { ACCESS_KEY, type Aws, hookOf, type KnownInstance } from "./aws";
import type { Image } from "./image";
import type { Network, Place } from "./network";
import type { Template } from "./template";
import { toolOf } from "./tools";

const ZONE = "us-east-1a";
/** With it systemd-nspawn ends when the system in it reboots. */
const REBOOTS = 133;

/** The longest time that anything may take on a busy machine. */
const PATIENCE_MS = 280_000;

/** What instances are launched into. */
export interface Surroundings {
  readonly image: Image;
  readonly network: Network;
  readonly aws: Aws;
}

/** What is unusual about an instance. */
export interface Unusual {
  /** @default any */
  readonly id?: string;
  readonly lifeCycle?: "on-demand" | "spot";
  /** Its target lifecycle state. */
  readonly target?: "InService" | "Warmed:Stopped";
}

/** An instance: an operating system with systemd, from the machine image, and the user data of a launch template. */
export class Instance {
  readonly id: string;
  readonly #folder: string;
  readonly #place: Place;
  readonly #known: KnownInstance = {
    metadata: metadataService(),
    waiting: new Set(),
    accepted: [],
    withoutRegistry: false,
  };
  #system: ChildProcess | undefined;
  #mayReboot = true;

  /** Launches an instance on its way into service, or where it shall go, and has the launch hook wait for it. */
  constructor(
    private readonly around: Surroundings,
    private readonly template: Template,
    {
      id = `i-${randomBytes(8).toString("hex")}0`,
      lifeCycle = "on-demand",
      target = "InService",
    }: Unusual = {},
  ) {
    this.id = id;
    this.#folder = join(tmpdir(), id);
    this.#place = around.network.place();
    around.aws.instances.set(this.#place.address, this.#known);
    const { values, besides } = this.#known.metadata;
    for (const [path, value] of Object.entries(metadataOf(this.id, lifeCycle, this.#place))) {
      values.set(path, value);
    }
    besides.set("user-data", template.userData);
    besides.set("dynamic/instance-identity/document", identityOf(this.id, this.#place));
    for (const each of ["upper", "work", "root", "docker", "containerd", "hypervisor"]) {
      mkdirSync(join(this.#folder, each), { recursive: true });
    }
    // By this cloud-init knows that it is on EC2.
    writeFileSync(
      join(this.#folder, "hypervisor", "uuid"),
      `ec2${randomBytes(2).toString("hex")}0-0000-0000-0000-000000000000`,
    );
    const layers = `lowerdir=${around.image.folder}/root,upperdir=${this.#folder}/upper,workdir=${this.#folder}/work`;
    execFileSync("mount", ["-t", "overlay", "-o", layers, "overlay", join(this.#folder, "root")]);
    this.target = target;
    this.hookWaits(template.launchHook);
    this.switchOn();
  }

  /** The target lifecycle state that the metadata service has. */
  set target(state: string) {
    this.#known.metadata.values.set("autoscaling/target-lifecycle-state", state);
  }

  /** Values of the metadata service, by path. */
  get metadata(): Map<string, string> {
    return this.#known.metadata.values;
  }

  set withoutRegistry(is: boolean) {
    this.#known.withoutRegistry = is;
  }

  hookWaits(hook: string): void {
    this.#known.waiting.add(hookOf({ group: this.template.group, hook, instance: this.id }));
  }

  /** Waits until a hook that waited has been answered so many times. @returns the answers */
  async answers(hook: string, count = 1): Promise<readonly string[]> {
    const given = () =>
      this.#known.accepted.flatMap((call) => (call.hook === hook && call.result ? [call.result] : []));
    await this.until(`${hook} is answered`, () => given().length >= count);
    return given();
  }

  /** Waits. @throws Error with the end of the console's output, after {@link PATIENCE_MS} */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await isSo())) {
      if (Date.now() > deadline) {
        const lines = this.console.trimEnd().split("\n").slice(-60);
        throw new Error(`waited in vain until ${what}; the console says:\n${lines.join("\n")}`);
      }
      await sleep(100);
    }
  }

  /** All that was written to the console, in every boot. */
  get console(): string {
    const file = join(this.#folder, "console");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  url(path: string): string {
    return `http://${this.#place.address}:8000${path}`;
  }

  /** Runs lines of bash on the instance, as root. @returns what they print */
  async run(lines: string): Promise<string> {
    const { stdout } = await promisify(execFile)("nsenter", [
      "--all",
      "--target",
      String(this.#init()),
      "bash",
      "-c",
      lines,
    ]);
    return stdout.trim();
  }

  /** Whether lines of bash succeed on the instance. */
  succeeds(lines: string): Promise<boolean> {
    return this.run(lines).then(
      () => true,
      () => false,
    );
  }

  /** The first process of the instance. */
  #init(): number {
    const nspawn = this.#system?.pid;
    const children = readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, "utf8").trim().split(" ");
    return Number(children.at(-1));
  }

  /** Boots, and again whenever the system reboots. */
  switchOn(): void {
    const cgroup = join(process.env.INSTANCE_CGROUP ?? "", this.id);
    mkdirSync(cgroup, { recursive: true });
    const { command, env } = toolOf(this.around.image, "systemd-nspawn");
    const console = openSync(join(this.#folder, "console"), "a");
    // /proc/uptime is of the machine without a time of its own.
    const begin =
      'echo $$ >"$1/cgroup.procs"; shift; exec unshare --time --boottime=-"$(cut -d. -f1 /proc/uptime)" "$@"';
    const system = spawn("bash", ["-c", begin, "bash", cgroup, command, ...this.#options()], {
      env: { ...env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1", SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network" },
      stdio: ["ignore", console, console],
    });
    closeSync(console);
    this.#system = system;
    system.once("exit", (code) => {
      this.#system = undefined;
      if (code === REBOOTS && this.#mayReboot) {
        this.switchOn();
      }
    });
  }

  #options(): readonly string[] {
    const folder = (name: string) => join(this.#folder, name);
    return [
      ...[
        "--quiet",
        "--boot",
        "--register=no",
        "--keep-unit",
        `--machine=${this.id}`,
        `--directory=${folder("root")}`,
      ],
      ...[`--network-namespace-path=${this.#place.namespace}`, "--resolv-conf=off", "--timezone=off"],
      ...["--link-journal=no", "--console=read-only"],
      // What Docker needs.
      ...["--capability=CAP_NET_ADMIN,CAP_SYSLOG", "--system-call-filter=add_key keyctl bpf"],
      `--bind=${folder("docker")}:/var/lib/docker`,
      `--bind=${folder("containerd")}:/var/lib/containerd`,
      `--bind-ro=${folder("hypervisor")}:/sys/hypervisor`,
    ];
  }

  get isOn(): boolean {
    return this.#system !== undefined;
  }

  /** Stops the system as EC2 does: it may end its processes first. */
  async switchOff(): Promise<void> {
    this.#system?.kill("SIGTERM");
    await this.until("the system is off", () => !this.isOn);
  }

  /** Takes the instance away at once, and all that it had. */
  async remove(): Promise<void> {
    this.#mayReboot = false;
    this.#system?.kill("SIGKILL");
    await this.until("the system is off", () => !this.isOn);
    this.around.aws.instances.delete(this.#place.address);
    this.#place.remove();
    execFileSync("umount", ["--lazy", join(this.#folder, "root")]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Source: EC2 user guide, "Instance metadata categories". */
function metadataOf(
  id: string,
  lifeCycle: string,
  { address, mac, subnet }: Place,
): Readonly<Record<string, string>> {
  const name = `ip-${address.replaceAll(".", "-")}.ec2.internal`;
  const expiration = new Date(Date.now() + 6 * 3_600_000).toISOString();
  const credentials = {
    ...{ Code: "Success", Type: "AWS-HMAC", LastUpdated: new Date().toISOString(), Expiration: expiration },
    ...{ AccessKeyId: ACCESS_KEY, SecretAccessKey: "secret", Token: "token" },
  };
  const network = `network/interfaces/macs/${mac}`;
  return {
    "ami-id": "ami-0123456789abcdef0",
    "instance-id": id,
    "instance-type": "g6.xlarge",
    "instance-life-cycle": lifeCycle,
    hostname: name,
    "local-hostname": name,
    "local-ipv4": address,
    mac,
    "placement/availability-zone": ZONE,
    "placement/region": ZONE.slice(0, -1),
    "services/domain": "amazonaws.com",
    "services/partition": "aws",
    "iam/security-credentials/instances": JSON.stringify(credentials),
    [`${network}/device-number`]: "0",
    [`${network}/interface-id`]: "eni-0123456789abcdef0",
    [`${network}/local-hostname`]: name,
    [`${network}/local-ipv4s`]: address,
    [`${network}/mac`]: mac,
    [`${network}/subnet-id`]: "subnet-0123456789abcdef0",
    [`${network}/subnet-ipv4-cidr-block`]: subnet,
    [`${network}/vpc-id`]: "vpc-0123456789abcdef0",
  };
}

function identityOf(instanceId: string, { address }: Place): string {
  const region = ZONE.slice(0, -1);
  return JSON.stringify({
    ...{
      accountId: "123456789012",
      architecture: "x86_64",
      availabilityZone: ZONE,
      imageId: "ami-0123456789abcdef0",
    },
    ...{ instanceId, instanceType: "g6.xlarge", privateIp: address, region, version: "2017-09-30" },
    pendingTime: new Date().toISOString(),
  });
}
