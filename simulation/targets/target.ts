import { type HealthState, TargetHealth } from "./health";

/** An instance in a target group. Nodes of the load balancer are numbered; each has its own view of the target. */
export class Target {
  /** Requests that run on it. */
  outstanding = 0;
  /** Requests that it was sent. */
  sent = 0;
  /** The last turn at which it was chosen; the one that waits longest is the next of equals. */
  turn = 0;
  /** When it began to drain; `undefined`: it does not. */
  drainingSince: number | undefined;
  /** By node, when it was last found healthy after it had not been, for the slow start. */
  readonly healthySince: number[] = [];
  readonly #views: TargetHealth[] = [];

  constructor(
    readonly instance: string,
    readonly zone: string,
  ) {}

  get draining(): boolean {
    return this.drainingSince !== undefined;
  }

  view(node: number): TargetHealth {
    let view = this.#views[node];
    if (view === undefined) {
      view = new TargetHealth();
      this.#views[node] = view;
    }
    return view;
  }

  isHealthy(node: number): boolean {
    return this.#views[node]?.state === "healthy";
  }

  /** The state that most nodes see, as AWS tells it of a target. */
  stateFor(nodes: number, unhealthyShare: number): HealthState | "draining" {
    if (this.draining) {
      return "draining";
    }
    let unhealthy = 0;
    let healthy = 0;
    for (let node = 0; node < nodes; node += 1) {
      const { state } = this.view(node);
      unhealthy += state === "unhealthy" ? 1 : 0;
      healthy += state === "healthy" ? 1 : 0;
    }
    if (unhealthy > unhealthyShare * nodes) {
      return "unhealthy";
    }
    return healthy > 0 ? "healthy" : unhealthy > 0 ? "unhealthy" : "initial";
  }
}
