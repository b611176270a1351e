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
  /** Takes its cable away: nothing reaches it any more, and it reaches nothing. */
  unplug(): void;
  remove(): void;
}

/** A VPC with a subnet in each zone, DHCP and DNS. This process is in the VPC, and has the addresses of AWS. */
export class Network {
  readonly #hosts = join(tmpdir(), "dhcp-hosts");
  /** Number of places in each zone so far. The place of a zone in it is the number of its subnet. */
  readonly #places = new Map<string, number>();

  /** The cards that are plugged in, each as `ip neighbour` takes it. */
  readonly #plugged = new Set<{ readonly zone: string; readonly neighbour: readonly string[] }>();

  constructor(image: Image) {
    mkdirSync(this.#hosts);
    for (const address of [METADATA_ADDRESS, AWS_ADDRESS, "10.0.0.2"]) {
      ip("address", "add", `${address}/32`, "dev", "lo");
    }
    const { command, env } = toolOf(image, "dnsmasq");
    startGroup(
      command,
      [...DNSMASQ, `--dhcp-hostsdir=${this.#hosts}`, `--dhcp-leasefile=${join(tmpdir(), "leases")}`],
      env,
    );
  }

  /** Plugs in the network interface of one more instance. @throws Error when there is no room for it */
  place(zone: string): Place {
    if (!this.#places.has(zone)) {
      this.#addSubnet(zone);
    }
    const subnet = this.#subnetOf(zone);
    const number = FIRST_PLACE + (this.#places.get(zone) ?? 0);
    if (number > LAST_PLACE) {
      throw new Error(`no address is left in ${zone}`);
    }
    this.#places.set(zone, number + 1 - FIRST_PLACE);
    const octets = [10, subnet, number >> 8, number & 255];
    const [name, address] = [`i-${subnet}-${number}`, octets.join(".")];
    const mac = macOf(octets);
    writeFileSync(join(this.#hosts, name), `${mac},${address}\n`);
    ip("netns", "add", name);
    ip("link", "add", "name", name, "type", "veth", "peer", "name", "ens5", "address", mac, "netns", name);
    ip("link", "set", "dev", name, "master", bridgeOf(subnet), "up");
    ip("-n", name, "link", "set", "lo", "up");
    const plugged = { zone, neighbour: [address, "lladdr", mac, "dev", bridgeOf(subnet)] };
    this.#plugged.add(plugged);
    // As in a VPC nobody finds out that nobody is there: what is sent to it vanishes.
    ip("neighbour", "replace", ...plugged.neighbour, "nud", "permanent");
    return {
      address,
      mac,
      subnet: `10.${subnet}.0.0/20`,
      namespace: `/run/netns/${name}`,
      unplug: () => ip("link", "set", "dev", name, "down"),
      remove: () => {
        this.#plugged.delete(plugged);
        ip("netns", "delete", name);
      },
    };
  }

  /** Cuts off exactly these of the zones that there are. */
  cut(zones: ReadonlySet<string>): void {
    for (const zone of this.#places.keys()) {
      ip("link", "set", "dev", bridgeOf(this.#subnetOf(zone)), zones.has(zone) ? "down" : "up");
    }
    for (const { zone, neighbour } of this.#plugged) {
      if (!zones.has(zone)) {
        // What goes down forgets them.
        ip("neighbour", "replace", ...neighbour, "nud", "permanent");
      }
    }
  }

  #subnetOf(zone: string): number {
    return [...this.#places.keys()].indexOf(zone);
  }

  #addSubnet(zone: string): void {
    if (this.#places.size === MOST_ZONES) {
      throw new Error(`no subnet is left for ${zone}: there are ${MOST_ZONES}`);
    }
    this.#places.set(zone, 0);
    const subnet = this.#subnetOf(zone);
    const bridge = bridgeOf(subnet);
    // Without an address of its own it takes the least of its members', and another one when that instance leaves.
    ip("link", "add", "name", bridge, "address", macOf([10, subnet, 0, 1]), "type", "bridge");
    ip("address", "add", `10.${subnet}.0.1/20`, "dev", bridge);
    ip("link", "set", "dev", bridge, "up");
  }
}

/** A VPC keeps the first addresses of a subnet for itself, and the last one is for all of it. */
const [FIRST_PLACE, LAST_PLACE] = [16, 4094];

/** Subnets that the DHCP server knows. */
const MOST_ZONES = 64;

function bridgeOf(subnet: number): string {
  return `zone-${subnet}`;
}

function macOf(octets: readonly number[]): string {
  return [2, 0, ...octets].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

const DNSMASQ = [
  ...["--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--group=root"],
  ...["--no-resolv", "--no-hosts", "--address=/ec2.internal/"],
  ...["amazonaws.com", "docker.io"].map((name) => `--address=/${name}/${AWS_ADDRESS}`),
  ...Array.from(
    { length: MOST_ZONES },
    (_, subnet) => `--dhcp-range=10.${subnet}.0.0,static,255.255.240.0,1h`,
  ),
  ...["--dhcp-authoritative"],
  ...["--dhcp-option=option:dns-server,10.0.0.2", "--dhcp-option=option:domain-name,ec2.internal"],
];

function ip(...args: readonly string[]): void {
  execFileSync("ip", args);
}
