import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGroup } from "../process-group";
import type { Image } from "./image";
import { toolOf } from "./tools";

/** Where the metadata service is, on every instance of EC2. */
export const METADATA_ADDRESS = "169.254.169.254";
/** Where all of AWS and the registries are. */
export const AWS_ADDRESS = "198.51.100.1";

/** A place in the network for an instance. */
export interface Place {
  readonly address: string;
  readonly mac: string;
  /** In CIDR notation. */
  readonly subnet: string;
  /** File of the namespace with the interface `ens5`. */
  readonly namespace: string;
  remove(): void;
}

/** A subnet of a VPC, with DHCP and DNS. This process is in the VPC, and has the addresses of AWS. */
export class Network {
  readonly #hosts = join(tmpdir(), "dhcp-hosts");
  #places = 0;

  constructor(image: Image) {
    mkdirSync(this.#hosts);
    for (const address of [METADATA_ADDRESS, AWS_ADDRESS, "10.0.0.2"]) {
      ip("address", "add", `${address}/32`, "dev", "lo");
    }
    // Without an address of its own it takes the least of its members', and another one when that instance leaves.
    ip("link", "add", "name", "subnet", "address", "02:00:0a:00:00:01", "type", "bridge");
    ip("address", "add", "10.0.0.1/20", "dev", "subnet");
    ip("link", "set", "dev", "subnet", "up");
    const { command, env } = toolOf(image, "dnsmasq");
    startGroup(
      command,
      [...DNSMASQ, `--dhcp-hostsdir=${this.#hosts}`, `--dhcp-leasefile=${join(tmpdir(), "leases")}`],
      env,
    );
  }

  /** Plugs in the network interface of one more instance. */
  place(): Place {
    this.#places += 1;
    const octet = 16 + this.#places;
    const [name, address] = [`instance-${octet}`, `10.0.0.${octet}`];
    const mac = `02:00:0a:00:00:${octet.toString(16)}`;
    writeFileSync(join(this.#hosts, name), `${mac},${address}\n`);
    ip("netns", "add", name);
    ip("link", "add", "name", name, "type", "veth", "peer", "name", "ens5", "address", mac, "netns", name);
    ip("link", "set", "dev", name, "master", "subnet", "up");
    ip("-n", name, "link", "set", "lo", "up");
    return {
      address,
      mac,
      subnet: "10.0.0.0/20",
      namespace: `/run/netns/${name}`,
      remove: () => ip("netns", "delete", name),
    };
  }
}

const DNSMASQ = [
  ...["--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--group=root"],
  ...["--no-resolv", "--no-hosts", "--address=/ec2.internal/"],
  ...["amazonaws.com", "docker.io"].map((name) => `--address=/${name}/${AWS_ADDRESS}`),
  ...["--dhcp-range=10.0.0.0,static,255.255.240.0,1h", "--dhcp-authoritative"],
  ...["--dhcp-option=option:dns-server,10.0.0.2", "--dhcp-option=option:domain-name,ec2.internal"],
];

function ip(...args: readonly string[]): void {
  execFileSync("ip", args);
}
