import type { Assumed } from "../assumptions";
import type { Metrics } from "../cloudwatch/metrics";
import type { Address } from "../model";
import type { TargetGroup } from "../targets/target-group";
import type { Random } from "../time/random";
import type { Clock } from "../time/timeline";
import type { Instance } from "./instance";

/**
 * The machines behind the instances of groups. What runs on an instance completes the hooks itself:
 * `AutoScalingGroup.complete`.
 */
export interface Machines {
  /** The system runs. The model is to be loaded, and the launch hook completed. */
  start(instance: Instance): void;
  /** The instance goes to sleep in its warm pool. */
  stop(instance: Instance): void;
  /** The terminate hook waits: the server is to be stopped, unless the instance returns to its pool, and the hook completed. */
  leave(instance: Instance): void;
  /** The machine ends, with all that runs on it. */
  end(instance: Instance): void;
}

/** What EC2 has to give. */
export interface Capacity {
  /** Whether an instance of the type can be had in a zone. */
  has(zone: string, type: string, spot: boolean): boolean;
}

/** What an Auto Scaling group needs of its surroundings. */
export interface GroupSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly assumed: Assumed;
  readonly metrics: Metrics;
  readonly machines: Machines;
  readonly capacity: Capacity;
  readonly targetGroups: ReadonlyMap<Address, TargetGroup>;
  /** Nodes of the load balancer that watch the targets. */
  readonly nodes: number;
  /** A name for an instance that no other has. */
  readonly nextId: () => string;
  readonly tell: (subject: string, what: string) => void;
  /** Whether an alarm is in the state ALARM. */
  readonly isAlarm: (name: string) => boolean;
}
