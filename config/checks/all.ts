import type { Problem } from "../problem";
import { checkAlarms } from "./alarms";
import { checkCapacity } from "./capacity";
import type { Check, Subject } from "./check";
import { checkEntries } from "./entry";
import { checkHardware } from "./hardware";
import { checkNetworks } from "./network";
import { checkPurchase } from "./purchase";
import { checkRouting } from "./routing";
import { checkSoftware } from "./software";
import { checkState } from "./state";
import { checkTargets } from "./targets";
import { checkTiming } from "./timing";

const checks: readonly Check[] = [
  checkState,
  checkNetworks,
  checkEntries,
  checkAlarms,
  checkTiming,
  checkTargets,
  checkCapacity,
  checkPurchase,
  checkHardware,
  checkSoftware,
  checkRouting,
];

/** Everything that is wrong, or unwise, with a deployment. */
export function allProblems(subject: Subject): readonly Problem[] {
  return checks.flatMap((check) => check(subject));
}
