import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { memoryVersion, UNIFIED } from "./cgroups";

const ATTEMPT = join(UNIFIED, `attempt-${process.pid}`);

/** What has to be there: what is missing when it is not, with Debian's package, and a command of bash that succeeds. */
const NEEDS: readonly (readonly [missing: string, attempt: string])[] = [
  ["Linux, and root on it: sudo", "[[ $(uname) == Linux && $EUID == 0 ]]"],
  ["apt-get and dpkg, which fetch Debian's packages: apt, dpkg", "command -v apt-get && command -v dpkg"],
  [
    "unshare, setpriv and nsenter: util-linux",
    "command -v unshare && command -v setpriv && command -v nsenter",
  ],
  ["ip: iproute2", "command -v ip"],
  ["moto_server on PATH: python3-pip, and with it pip install 'moto[server]'", "command -v moto_server"],
  ["the right to make namespaces", "unshare --net --mount --pid --time --fork true"],
  [
    "the right to mount an overlay, in Linux's module overlay",
    `unshare --mount bash -ec 'mount -t tmpfs tmpfs /mnt && cd /mnt && mkdir lower upper work root
      mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root'`,
  ],
  [
    "the right to make a bridge, in Linux's modules bridge and veth",
    "unshare --net bash -ec 'ip link add name br0 type bridge; ip link add name ve0 type veth peer name ve1; ip link set dev ve0 master br0'",
  ],
  [
    "the right to make a cgroup of version 2, and to kill what is in it (Linux 5.14)",
    `mkdir ${ATTEMPT} && kill=$(ls ${ATTEMPT}/cgroup.kill); rmdir ${ATTEMPT} && [[ -n $kill ]]`,
  ],
  ["a hierarchy of cgroups that limits memory", memoryVersion() === undefined ? "false" : "true"],
];

/** What this machine lacks of all that instances need but the machine image, in words. */
export function missingNeeds(): readonly string[] {
  return NEEDS.filter(([, attempt]) => spawnSync("bash", ["-c", attempt]).status !== 0).map(([what]) => what);
}
