import type { LoadBalancerModel, TargetGroupModel } from "../../simulation/model";
import type { TargetGroup } from "../../simulation/targets/target-group";
import type { Random } from "../../simulation/time/random";
import type { Driver } from "../driver";
import type { Machine } from "../machine";
import type { Network } from "../network";
import type { TargetConnections } from "./connections";
import type { Outcome } from "./outcome";
import type { SilenceWatch } from "./silence";
import type { Tokens } from "./tokens";

/** A request on its way through a load balancer to a target. */
export interface Passing {
  readonly instance: string;
  readonly targetGroup: TargetGroup;
  /** Zones that have to reach one another for it to go on. */
  readonly zones: readonly [node: string, target: string];
  /** The deregistration delay is over. */
  cut(): void;
  /** What comes from the target no longer reaches the client, or does again. */
  stall(stalled: boolean): void;
}

/** What a request on its way needs of the load balancer that it goes through. */
export interface RegionSurroundings {
  readonly driver: Driver;
  /** Chooses the node that DNS leads a connection to. */
  readonly random: Random;
  readonly network: Network;
  readonly loadBalancer: LoadBalancerModel;
  readonly connectTimeout: number;
  readonly exchanges: Set<Passing>;
  /** Gives up requests that are silent for too long. */
  readonly silence: SilenceWatch;
  readonly machineOf: (instance: string) => Machine | undefined;
  /** The open connections to an instance. */
  readonly connectionsTo: (instance: string, targetGroup: TargetGroupModel) => TargetConnections;
  /** Checks tokens of clients. */
  readonly tokens: Tokens;
  /** Counts an error of the load balancer itself. */
  readonly failed: (status: number) => void;
  readonly ended: (outcome: Omit<Outcome, "at" | "region">) => void;
}
