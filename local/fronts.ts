import type { TlsOptions } from "node:tls";
import type { DeploymentModel } from "../simulation/model";
import { type Endpoint, endpointsOf } from "./endpoints";
import type { Listen } from "./listen";
import { Front } from "./load-balancer/front";
import type { Way } from "./load-balancer/serve";
import { OWN_NAMES } from "./tls/authority";
import type { LateAuthority } from "./tls/late-authority";
import { handshakeOf } from "./tls/versions";

/** The ports of a run that clients connect to. */
export class Fronts {
  endpoints: readonly Endpoint[] = [];
  readonly #fronts = new Map<string, Front>();
  #nextPort: number;

  /** @param firstPort the first that may be free */
  constructor(
    firstPort: number,
    private readonly authority: LateAuthority,
    private readonly wayTo: (endpoint: Endpoint) => Way | undefined,
    private readonly listenAt: Listen,
  ) {
    this.#nextPort = firstPort;
  }

  /** Opens ports of listeners that are new. Those that exist stay, also with other rules. */
  async open(model: DeploymentModel): Promise<void> {
    const endpoints: Endpoint[] = [];
    for (const wanted of endpointsOf(model)) {
      const front =
        this.#fronts.get(wanted.key) ??
        new Front(() => this.wayTo(wanted), await this.#tls(wanted), this.listenAt);
      if (!this.#fronts.has(wanted.key)) {
        this.#fronts.set(wanted.key, front);
        this.#nextPort = (await front.listen(this.#nextPort)) + 1;
      }
      endpoints.push({ ...wanted, port: front.port });
    }
    this.endpoints = endpoints;
  }

  /** @param milliseconds that an idle connection of a client stays open */
  keepAlive(milliseconds: number): void {
    for (const front of this.#fronts.values()) {
      front.keepAlive(milliseconds);
    }
  }

  close(): void {
    for (const front of this.#fronts.values()) {
      front.close();
    }
  }

  async #tls({ tls, names }: Endpoint): Promise<TlsOptions | undefined> {
    if (tls === undefined) {
      return undefined;
    }
    const authority = await this.authority.get();
    return { ...(await authority.issue([...names, ...OWN_NAMES])), ...handshakeOf(tls) };
  }
}
