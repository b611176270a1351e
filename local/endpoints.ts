import type { DeploymentModel, TlsModel } from "../simulation/model";

/** A port of this machine that stands for an address of the deployment. */
export interface Endpoint {
  /** The same for the same listener, also after a deploy. */
  readonly key: string;
  /** Empty for the global endpoint. */
  readonly region: string;
  readonly loadBalancer: string;
  /** Port in AWS. */
  readonly listenerPort: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** What it asks of a handshake; `undefined`: it has no TLS. */
  readonly tls: TlsModel | undefined;
  /** DNS names that lead there. */
  readonly names: readonly string[];
  /** Port on this machine; 0 before it is opened. */
  readonly port: number;
}

/**
 * The endpoints of a deployment: names of the global endpoint, and every listener of every region. The listeners with
 * TLS come first, as clients use them.
 */
export function endpointsOf({ regions, records }: DeploymentModel): readonly Endpoint[] {
  const listeners = regions.flatMap((region) =>
    region.loadBalancers.flatMap((loadBalancer) =>
      loadBalancer.listeners.map((listener) => ({
        key: `${region.name} ${listener.address}`,
        region: region.name,
        loadBalancer: loadBalancer.address,
        listenerPort: listener.port,
        protocol: listener.protocol,
        tls: listener.tls,
        names: records.flatMap(({ name, to, policy }) =>
          to.kind === "load balancer" &&
          to.region === region.name &&
          to.loadBalancer === loadBalancer.address &&
          policy.kind === "simple"
            ? [name]
            : [],
        ),
        port: 0,
      })),
    ),
  );
  const [main] = [...listeners].sort(byUse);
  const global = globalNames(records).map((name) => ({
    key: `global ${name}`,
    region: "",
    loadBalancer: "",
    listenerPort: main?.listenerPort ?? 443,
    protocol: main?.protocol ?? ("HTTPS" as const),
    tls: main?.tls,
    names: [name],
    port: 0,
  }));
  return [...global, ...listeners.sort(byUse)];
}

function byUse(a: Pick<Endpoint, "protocol">, b: Pick<Endpoint, "protocol">): number {
  return Number(a.protocol === "HTTP") - Number(b.protocol === "HTTP");
}

/** Names that no other name leads to, and that choose among load balancers. */
function globalNames(records: DeploymentModel["records"]): readonly string[] {
  const inner = new Set(records.flatMap(({ to }) => (to.kind === "record" ? [to.name] : [])));
  const names = records
    .filter(({ name, to, policy }) => !inner.has(name) && (to.kind === "record" || policy.kind !== "simple"))
    .map(({ name }) => name);
  return [...new Set(names)];
}

/** The scheme of its URLs. */
export function schemeOf({ tls }: Pick<Endpoint, "tls">): "http" | "https" {
  return tls === undefined ? "http" : "https";
}
