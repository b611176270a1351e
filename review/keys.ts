import { together } from "../config/diagnostics/text";
import type { GroupModel } from "../simulation/model";
import { unpackUserData } from "../testing/user-data";
import { servedBy } from "./sides";

/** Names of secrets by which servers ask their callers for a key. Sources: config/servers, the key of each. */
const KEY = /(^|_)(API|MASTER)_?KEY$/i;

/** The keys that the servers of a group ask their callers for, by the names of their secrets. */
function keysOf({ instance }: GroupModel): readonly string[] {
  const secrets = unpackUserData(instance.userData)?.facts.get("SECRETS") ?? [];
  return secrets.map((secret) => secret.split("=")[0] ?? "").filter((name) => KEY.test(name));
}

/** That servers ask for no key any more; `undefined`: they ask as before, or more. */
export function keyLost(before: GroupModel, after: GroupModel): string | undefined {
  const gone = keysOf(before);
  return gone.length === 0 || keysOf(after).length > 0
    ? undefined
    : `${servedBy(after)} gets ${together(gone)} no longer: a key that it asked its callers for`;
}

/** That servers ask for a key that their callers did not need; `undefined`: they ask as before, or less. */
export function keyAsked(before: GroupModel, after: GroupModel): string | undefined {
  const asked = keysOf(after);
  return asked.length === 0 || keysOf(before).length > 0
    ? undefined
    : `${servedBy(after)} gets ${together(asked)}: callers without that key are refused from then on`;
}
