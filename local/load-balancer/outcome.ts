/** How a request ended, as its load balancer saw it. */
export interface Outcome {
  /** Seconds of the deployment. */
  readonly at: number;
  readonly region: string;
  /** Root of X-Amzn-Trace-Id. */
  readonly trace: string;
  readonly method: string;
  readonly path: string;
  /** As the access log has it: 460 where the client went first. */
  readonly status: number;
  /** Who answered. */
  readonly by: "load balancer" | "target";
  readonly rule: string;
  readonly targetGroup: string | undefined;
  readonly instance: string | undefined;
  /** Why it failed, in words; `undefined`: it did not. */
  readonly failure: string | undefined;
}
