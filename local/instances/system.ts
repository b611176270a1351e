import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { hasProcesses, killProcesses, memoryVersion } from "./cgroups";
import type { Image } from "./image";
import type { Place } from "./network";
import { toolOf } from "./tools";

/** With it systemd-nspawn ends when the system in it reboots. */
const REBOOTS = 133;

/** The longest time that anything may take on a busy machine. */
const PATIENCE_MS = 400_000;

/** What a system is made of. */
export interface Parts {
  readonly id: string;
  readonly image: Image;
  readonly place: Place;
  /** How much main memory it says that it has, in MiB. @default that of the machine under it */
  readonly memoryMib?: number;
}

/** An operating system with systemd, from the machine image. It looks like one on EC2, and is off at first. */
export class System {
  readonly id: string;
  protected readonly place: Place;
  readonly #folder: string;
  readonly #image: Image;
  readonly #memoryMib: number | undefined;
  #running: ChildProcess | undefined;
  #mayReboot = true;

  constructor({ id, image, place, memoryMib }: Parts) {
    this.id = id;
    this.place = place;
    this.#image = image;
    this.#memoryMib = memoryMib;
    this.#folder = join(tmpdir(), id);
    for (const each of ["upper", "work", "root", "docker", "containerd", "hypervisor"]) {
      mkdirSync(join(this.#folder, each), { recursive: true });
    }
    // By this cloud-init knows that it is on EC2.
    writeFileSync(
      join(this.#folder, "hypervisor", "uuid"),
      `ec2${randomBytes(2).toString("hex")}0-0000-0000-0000-000000000000`,
    );
    if (memoryMib !== undefined) {
      const text = readFileSync("/proc/meminfo", "utf8");
      writeFileSync(
        join(this.#folder, "meminfo"),
        text.replace(/^MemTotal: .*$/m, `MemTotal: ${memoryMib * 1024} kB`),
      );
    }
    const layers = `lowerdir=${image.folder}/root,upperdir=${this.#folder}/upper,workdir=${this.#folder}/work`;
    execFileSync("mount", ["-t", "overlay", "-o", layers, "overlay", join(this.#folder, "root")]);
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

  /** Runs lines of bash on it, as root. @returns what they print */
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

  /** Whether lines of bash succeed on it. */
  succeeds(lines: string): Promise<boolean> {
    return this.run(lines).then(
      () => true,
      () => false,
    );
  }

  /** Its first process. */
  #init(): number {
    const nspawn = this.#running?.pid;
    const children = readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, "utf8").trim().split(" ");
    return Number(children.at(-1));
  }

  /** Those of all its processes, in each hierarchy; that of version 2 comes first. */
  #cgroups(): readonly [string, ...string[]] {
    const [unified = "", ...legacy] = (process.env.INSTANCE_CGROUPS ?? "").split(" ");
    return [join(unified, this.id), ...legacy.map((each) => join(each, this.id))];
  }

  /** Boots, and again whenever the system reboots. */
  switchOn(): void {
    const cgroups = this.#cgroups();
    for (const cgroup of cgroups) {
      mkdirSync(cgroup, { recursive: true });
    }
    const { command, env } = toolOf(this.#image, "systemd-nspawn");
    const console = openSync(join(this.#folder, "console"), "a");
    const system = spawn("bash", ["-c", BEGIN, "bash", cgroups.join(" "), command, ...this.#options()], {
      env: {
        ...env,
        // EC2's Linux has cgroups of version 2. A system whose memory is limited has those that can do it here.
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: this.#memoryMib !== undefined && memoryVersion() === 1 ? "0" : "1",
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network",
      },
      stdio: ["ignore", console, console],
    });
    closeSync(console);
    this.#running = system;
    system.once("exit", (code) => {
      this.#running = undefined;
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
      ...[`--network-namespace-path=${this.place.namespace}`, "--resolv-conf=off", "--timezone=off"],
      ...["--link-journal=no", "--console=read-only"],
      // What Docker needs.
      ...["--capability=CAP_NET_ADMIN,CAP_SYSLOG", "--system-call-filter=add_key keyctl bpf"],
      `--bind=${folder("docker")}:/var/lib/docker`,
      `--bind=${folder("containerd")}:/var/lib/containerd`,
      `--bind-ro=${folder("hypervisor")}:/sys/hypervisor`,
      ...(this.#memoryMib === undefined ? [] : [`--bind-ro=${folder("meminfo")}:/etc/meminfo`]),
    ];
  }

  get isOn(): boolean {
    return this.#running !== undefined;
  }

  /** Stops the system as EC2 does: it may end its processes first. */
  async switchOff(): Promise<void> {
    this.#running?.kill("SIGTERM");
    await this.until("the system is off", () => !this.isOn);
  }

  /** Takes its network away. */
  unplug(): void {
    this.place.unplug();
  }

  /** Loses its power: nothing says goodbye. */
  losePower(): void {
    this.unplug();
    this.#mayReboot = false;
    // The system goes on without its systemd-nspawn, which may not have entered the cgroup yet.
    this.#running?.kill("SIGKILL");
    killProcesses(this.#cgroups()[0]);
  }

  /** Takes it away at once, and all that it had. */
  async remove(): Promise<void> {
    this.losePower();
    const [cgroup] = this.#cgroups();
    await this.until("none of its processes is left", () => !(this.isOn || hasProcesses(cgroup)));
    this.place.remove();
    execFileSync("umount", ["--lazy", join(this.#folder, "root")]);
    rmSync(this.#folder, { recursive: true });
  }
}

/** Enters the cgroups, with a time since the boot of its own: that in /proc/uptime is of the machine without it. */
const BEGIN = `for cgroup in $1; do echo $$ >"$cgroup/cgroup.procs"; done; shift
  exec unshare --time --boottime=-"$(cut -d. -f1 /proc/uptime)" "$@"`;
