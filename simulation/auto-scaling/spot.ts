import type { AutoScalingGroup } from "./group";

/** What an instance is told two minutes before EC2 takes it back. */
export type SpotNotice = (id: string, secondsLeft: number) => void;

/**
 * EC2 takes a Spot instance back: a notice, and two minutes later the machine ends. With capacity rebalancing the group
 * launches another one at the notice; without, when the machine has ended.
 * Source: EC2 user guide, "Spot Instance interruption notices"; Auto Scaling user guide, "Capacity Rebalancing".
 *
 * @returns whether there is such an instance, and it is a Spot one
 */
export function interrupt(group: AutoScalingGroup, id: string, notice: SpotNotice): boolean {
  const instance = group.instances.get(id);
  if (instance === undefined || !instance.spot || instance.leaves) {
    return false;
  }
  const { clock, assumed, machines, tell } = group.around;
  tell(id, `Spot notice: EC2 takes it back in ${assumed.spotNotice} s`);
  notice(id, assumed.spotNotice);
  if (group.model.capacityRebalance) {
    instance.replaceBecause = "EC2 takes it back";
    group.reconcile();
  }
  clock.after(assumed.spotNotice, () => {
    if (group.instances.get(id) === instance) {
      machines.end(instance);
      group.ended(id, "EC2 has taken it back");
    }
  });
  return true;
}
