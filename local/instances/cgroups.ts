import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const MOUNT = "/sys/fs/cgroup";

/** The hierarchy of version 2: the only one, or beside those of version 1. */
export const UNIFIED = existsSync(join(MOUNT, "cgroup.procs")) ? MOUNT : join(MOUNT, "unified");

/** The hierarchies of version 1; none on a machine that has version 2 only. */
function legacy(): readonly string[] {
  return UNIFIED === MOUNT || !existsSync(MOUNT)
    ? []
    : readdirSync(MOUNT, { withFileTypes: true })
        .filter((each) => each.isDirectory() && join(MOUNT, each.name) !== UNIFIED)
        .map(({ name }) => join(MOUNT, name));
}

/** The version of the hierarchy in which this machine limits memory, if it does in any. */
export function memoryVersion(): 1 | 2 | undefined {
  const delegated = join(UNIFIED, "cgroup.subtree_control");
  if (existsSync(delegated) && readFileSync(delegated, "utf8").trim().split(" ").includes("memory")) {
    return 2;
  }
  return legacy().includes(join(MOUNT, "memory")) ? 1 : undefined;
}

/** Makes the cgroups of all instances of a run, one in each hierarchy. @returns their folders */
export function makeCgroups(run: string): readonly string[] {
  const cgroups = [UNIFIED, ...legacy()].map((hierarchy) => join(hierarchy, run));
  for (const cgroup of cgroups) {
    mkdirSync(cgroup);
    if (dirname(cgroup) === join(MOUNT, "cpuset")) {
      // Without processors and memory it takes no process. Those below it copy them.
      for (const file of ["cpuset.cpus", "cpuset.mems"]) {
        writeFileSync(join(cgroup, file), readFileSync(join(dirname(cgroup), file)));
      }
      writeFileSync(join(cgroup, "cgroup.clone_children"), "1");
    }
  }
  if (memoryVersion() === 2) {
    writeFileSync(join(UNIFIED, run, "cgroup.subtree_control"), "+memory");
  }
  return cgroups;
}

/** Has the kernel end all processes in a cgroup of version 2, and in those below it. */
export function killProcesses(cgroup: string): void {
  writeFileSync(join(cgroup, "cgroup.kill"), "1");
}

/** Whether a process is left in a cgroup of version 2, or in those below it. */
export function hasProcesses(cgroup: string): boolean {
  return readFileSync(join(cgroup, "cgroup.events"), "utf8").includes("populated 1");
}
