import { together } from "../config/diagnostics/text";
import { likelyKeys } from "../config/plan/api-key";
import type { GroupModel } from "../simulation/model";
import { unpackUserData } from "../testing/user-data";
import { servedBy } from "./sides";

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

/** That servers ask for no key any more; `undefined`: they ask as before, or more. */
export function keyLost(before: GroupModel, after: GroupModel): string | undefined {
  const gone = keysOf(before);
  return gone.size === 0 || keysOf(after).size > 0
    ? undefined
    : `${servedBy(after)} gets ${together([...gone.keys()])} no longer: a key that it asked its callers for`;
}

/** That servers ask for a key that their callers did not need, or for another one; `undefined`: they ask as before, or less. */
export function keyAsked(before: GroupModel, after: GroupModel): string | undefined {
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
