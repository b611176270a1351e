import type { AutoScalingGroup } from "../simulation/auto-scaling/group";
import type { Instance } from "../simulation/auto-scaling/instance";
import type { Machines } from "../simulation/auto-scaling/surroundings";
import type { TargetGroupModel } from "../simulation/model";
import type { Region } from "../simulation/region";
import type { Driver } from "./driver";
import type { ServerSeen } from "./model-server/any-server";
import type { ServerFacts } from "./model-server/facts";
import type { Network } from "./network";

/** A machine, as long as EC2 has it. */
export interface Machine {
  readonly instance: Instance;
  readonly facts: ServerFacts;
  readonly server: ServerSeen;
  /** Whose health check and protocol it has; `undefined`: it is in none. */
  readonly targetGroup: TargetGroupModel | undefined;
  /** The machine is dead, or what is on it: nothing answers, not even with a refusal. */
  readonly silent: boolean;
  /** Its server listens, or never will. */
  readonly listening: Promise<void>;
  /** Ends, without a word to Auto Scaling. */
  die(): void;
  /** Is not reached any more, and reaches nothing. */
  vanish(): void;
  /** Its server takes connections, and answers nothing. */
  hang(): void;
  /** @returns whether its server can take so many times as long */
  slow(times: number): boolean;
  /** Is told that EC2 takes it back in so many seconds. */
  noticed(group: AutoScalingGroup, seconds: number): void;
}

/** The machines of all instances of a run. */
export interface LocalMachines extends Machines {
  /** `undefined`: there is none, or it has ended. */
  get(instance: string): Machine | undefined;
  readonly all: IterableIterator<Machine>;
  /** Follows what is cut off, and what is reached again. */
  wires(network: Network): void;
  close(): void;
}

/** Where an instance belongs. */
export interface Belonging {
  readonly group: AutoScalingGroup;
  readonly region: Region;
  readonly facts: ServerFacts;
  readonly targetGroup: TargetGroupModel | undefined;
}

/** What machines of any kind need of their surroundings. */
export interface MachineSurroundings {
  readonly driver: Driver;
  readonly belongingOf: (instance: Instance) => Belonging;
  readonly complete: (instance: Instance, result: "CONTINUE" | "ABANDON") => void;
  readonly tell: (subject: string, what: string) => void;
}
