import type { Timer } from "../time/timeline";

/**
 * Where an instance of a group is in its life.
 * Source: Auto Scaling user guide, "Instance lifecycle", "Use lifecycle hooks with a warm pool".
 */
export type LifecycleState =
  | "Pending"
  | "Pending:Wait"
  | "InService"
  | "Terminating"
  | "Terminating:Wait"
  | "Terminating:Proceed"
  | "Terminated"
  | "Warmed:Pending"
  | "Warmed:Pending:Wait"
  | "Warmed:Stopped"
  | "Warmed:Running"
  | "Warmed:Hibernated";

/** An instance of an Auto Scaling group. */
export class Instance {
  state: LifecycleState;
  /** When it entered service; `undefined`: it never did. */
  inServiceSince: number | undefined;
  /** Why it is to be replaced; `undefined`: it is not. */
  replaceBecause: string | undefined;
  /** The instance that was launched to take its place. */
  replacement: Instance | undefined;
  /** The instance whose place it takes. */
  replaces: Instance | undefined;
  /** Whether EC2 has found the machine dead, or somebody has marked it. */
  unhealthy: string | undefined;
  /** Whether it is on its way from the group back to the warm pool. */
  returns = false;
  /** Ends the wait of a hook. */
  hookTimer: Timer = 0;

  constructor(
    readonly id: string,
    readonly group: string,
    readonly zone: string,
    readonly type: string,
    readonly spot: boolean,
    /** The version of the launch template. */
    readonly version: string,
    readonly launchedAt: number,
    forPool: boolean,
  ) {
    this.state = forPool ? "Warmed:Pending" : "Pending";
  }

  get inPool(): boolean {
    return this.state.startsWith("Warmed:");
  }

  /** Whether it counts as capacity of the group: it serves, or will. */
  get counts(): boolean {
    return this.state === "InService" || this.state === "Pending" || this.state === "Pending:Wait";
  }

  /** Whether it waits in the warm pool, and may be taken. */
  get waits(): boolean {
    return /^Warmed:(?:Stopped|Running|Hibernated)$/.test(this.state);
  }

  get leaves(): boolean {
    return this.state.startsWith("Terminat");
  }
}
