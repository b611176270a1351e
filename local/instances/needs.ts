import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { memoryVersion, UNIFIED } from "./cgroups";

const ATTEMPT = join(UNIFIED, `attempt-${process.pid}`);

/** A need of the stories: what is missing when it is not met, and a command of bash that succeeds when it is. */
const NEEDS: readonly (readonly [missing: string, attempt: string])[] = [
  ["Linux, and root on it", "[[ $(uname) == Linux && $EUID == 0 ]]"],
  ["apt-get and dpkg, which fetch Debian's packages", "command -v apt-get && command -v dpkg"],
  ["ip, of iproute2", "command -v ip"],
  ["moto_server on PATH (pip install 'moto[server]')", "command -v moto_server"],
  ["the right to make namespaces", "unshare --net --mount --pid --time --fork true && command -v setpriv"],
  [
    "the right to mount an overlay",
    `unshare --mount bash -ec 'mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir lower upper work root
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root'`,
  ],
  [
    "the right to make a bridge",
    "unshare --net bash -ec 'ip link add name br0 type bridge; ip link add name ve0 type veth peer name ve1; ip link set dev ve0 master br0'",
  ],
  [
    "the right to make a cgroup of version 2, and to kill what is in it (Linux 5.14)",
    `mkdir ${ATTEMPT} && kill=$(ls ${ATTEMPT}/cgroup.kill); rmdir ${ATTEMPT} && [[ -n $kill ]]`,
  ],
  ["a hierarchy of cgroups that limits memory", memoryVersion() === undefined ? "false" : "true"],
];

/** What this machine lacks of all that the stories need but the machine image, in words. */
export function missingNeeds(): readonly string[] {
  return NEEDS.filter(([, attempt]) => spawnSync("bash", ["-c", attempt]).status !== 0).map(([what]) => what);
}
