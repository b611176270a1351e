import { existsSync } from "node:fs";
import { join } from "node:path";

/** The hierarchy of cgroups of version 2: of its own, or beside those of version 1. */
export function cgroups(): string {
  return existsSync("/sys/fs/cgroup/cgroup.procs") ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified";
}

/** The cgroup of all instances of a run. */
export function cgroupOfRun(run: string): string {
  return join(cgroups(), run);
}
