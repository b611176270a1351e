import type { FakeInstance } from "./instance";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** A line of /proc/net/tcp: a connection from the load balancer, 10.0.1.7, to a port of the instance, 10.0.2.9. */
export function loadBalancer(port: number, family: "v4" | "v6" = "v4", state = "01"): string {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const mapped = family === "v6" ? "0000000000000000FFFF0000" : "";
  return `   0: ${mapped}0902000A:${hex} ${mapped}0701000A:D431 ${state} 00000000:00000000 00:00000000 00000000     0        0 1`;
}

/** Sets which connections the kernel of an instance lists. */
export function sockets(instance: FakeInstance, ...lines: readonly string[]): void {
  instance.file("net/tcp", [HEAD, ...lines.filter((line) => !line.includes("FFFF0000")), ""].join("\n"));
  instance.file("net/tcp6", [HEAD, ...lines.filter((line) => line.includes("FFFF0000")), ""].join("\n"));
  instance.set("SOCKETS", instance.path("net"));
}
