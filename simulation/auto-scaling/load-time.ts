import type { Assumed } from "../assumptions";
import type { GroupModel } from "../model";

/** How long the model of a group loads, as far as the JSON tells: its launch hook leaves room for more. */
export function loadTimeOf({ launchHook }: Pick<GroupModel, "launchHook">, assumed: Assumed): number {
  return launchHook === undefined
    ? assumed.loadWithoutHook
    : launchHook.heartbeatTimeout * assumed.loadShareOfLaunchHook;
}
