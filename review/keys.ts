import { together } from "../config/diagnostics/text";
import { likelyKeys } from "../config/plan/api-key";
import type { GroupModel } from "../simulation/model";
import { unpackUserData } from "../testing/user-data";
import { groupAt } from "./all-kinds";
import type { ResourceChange } from "./deployment";
import { groupsOfModel, type RegionSides, servedBy } from "./sides";

/** The keys that the servers of a group ask their callers for: names of secrets, and what each is. */
function keysOf({ instance }: GroupModel): ReadonlyMap<string, string> {
  const secrets = unpackUserData(instance.userData)?.facts.get("SECRETS") ?? [];
  const named = Object.fromEntries(
    secrets.map((secret) => {
      const [name = "", ...value] = secret.split("=");
      return [name, value.join("=")];
    }),
  );
  return new Map(likelyKeys(named).map((name) => [name, named[name] ?? ""]));
}

/**
 * What groups that change ask their callers for and did not before, in sentences. A group that is new follows those of its
 * model.
 */
export function keysAskedOf(
  changes: readonly ResourceChange[],
  { before, after }: RegionSides,
): readonly string[] {
  return changes.flatMap(({ address }) => {
    const now = groupAt(after?.groups, address);
    const asked = now === undefined ? [] : predecessors(before?.groups, now).map((was) => keyAsked(was, now));
    return asked.some((each) => each === undefined) ? [] : asked.slice(0, 1).flatMap((each) => each ?? []);
  });
}

/** That servers of before ask for no key any more, in sentences. A group that goes is followed by those of its model. */
export function keysLostOf(
  before: readonly GroupModel[],
  after: readonly GroupModel[],
): readonly { readonly address: string; readonly says: string }[] {
  const all = before.flatMap((group) =>
    predecessors(after, group).map((now) => [keyLost(group, now), group.address] as const),
  );
  return [...new Map(all)].flatMap(([says, address]) => (says === undefined ? [] : [{ address, says }]));
}

/** The same group on another side, else those of its model. */
function predecessors(groups: readonly GroupModel[] | undefined, group: GroupModel): readonly GroupModel[] {
  const same = groupAt(groups, group.address);
  return same === undefined ? groupsOfModel(groups ?? [], group) : [same];
}

/** That servers ask for no key any more; `undefined`: they ask as before, or more. */
function keyLost(before: GroupModel, after: GroupModel): string | undefined {
  const gone = keysOf(before);
  return gone.size === 0 || keysOf(after).size > 0
    ? undefined
    : `${servedBy(after)} gets ${together([...gone.keys()])} no longer: a key that it asked its callers for`;
}

/** That servers ask for a key that their callers did not need, or for another one; `undefined`: they ask as before, or less. */
function keyAsked(before: GroupModel, after: GroupModel): string | undefined {
  const [known, asked] = [keysOf(before), keysOf(after)];
  const names = together([...asked.keys()]);
  if (asked.size > 0 && known.size === 0) {
    return `${servedBy(after)} gets ${names}: callers without that key are refused from then on`;
  }
  const isKept = [...asked].some(([name, secret]) => known.get(name) === secret);
  return asked.size === 0 || isKept
    ? undefined
    : `${servedBy(after)} gets another secret as ${names}: callers with the key of before are refused from then on, unless both hold the same`;
}
