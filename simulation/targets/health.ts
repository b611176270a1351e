import type { TargetHealthCheckModel } from "../model";

/** What a health check saw: a status of HTTP or of gRPC, or {@link NO_ANSWER}. */
export type ProbeResult = number;

/** There was no connection, or no answer in time. A status of gRPC may be 0. */
export const NO_ANSWER = -1;

/** A target as one node of a load balancer sees it. */
export type HealthState = "initial" | "healthy" | "unhealthy";

/**
 * The health of a target as one node sees it. A new target needs one success; one that was unhealthy needs several in
 * a row, and so many failures in a row make it unhealthy.
 * Source: ELB user guide, "Health checks for Application Load Balancer target groups".
 */
export class TargetHealth {
  state: HealthState = "initial";
  #passed = 0;
  #failed = 0;

  /** @returns whether the state has changed */
  record(result: ProbeResult, check: TargetHealthCheckModel): boolean {
    const before = this.state;
    if (passes(result, check)) {
      this.#passed += 1;
      this.#failed = 0;
      if (this.state === "initial" || this.#passed >= check.healthyThreshold) {
        this.state = "healthy";
      }
    } else {
      this.#failed += 1;
      this.#passed = 0;
      if (this.#failed >= check.unhealthyThreshold) {
        this.state = "unhealthy";
      }
    }
    return this.state !== before;
  }
}

/** Whether a health check passes with a status. */
export function passes(result: ProbeResult, { statuses }: TargetHealthCheckModel): boolean {
  return statuses.some(([least, most]) => result >= least && result <= most);
}
