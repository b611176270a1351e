import type { GroupModel, InstanceModel } from "../model";
import type { Instance } from "./instance";
import type { GroupSurroundings } from "./surroundings";

/** An Auto Scaling group at work, as the parts of it see it. */
export interface GroupAtWork {
  readonly model: GroupModel;
  readonly around: GroupSurroundings;
  readonly desired: number;
  /** All instances, those of the warm pool among them. */
  readonly all: IterableIterator<Instance>;
  /** In service, and for longer than a warm-up. */
  isWarm(instance: Instance, warmUp: number): boolean;
  terminate(instance: Instance, why: string): void;
  /** Launches an instance in place of another. */
  launchReplacement(replaced: Instance): Instance | undefined;
  /** Launches instances of an earlier version from now on. */
  rollBackTo(instance: InstanceModel): void;
  /** Does what is to be done now. */
  reconcile(): void;
}
