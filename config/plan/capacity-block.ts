import { isOfUltraServer } from "../../aws/instance-types";
import { CAPACITY_BLOCK_END, SCHEDULED_ACTION_DELAY } from "../../aws/limits";
import { formatInstant, SECONDS_PER_DAY } from "../units";
import type { Derived } from "./derived";
import type { InstanceSettings } from "./overrides";
import type { Timing } from "./timing";

/** A Capacity Block that a variant runs in, and its end. Instants are written in UTC: `2027-03-12T11:30:00Z`. */
export interface CapacityBlock {
  readonly id: string;
  /** Name or id of its Availability Zone. */
  readonly zone: string;
  /** The one type that is reserved in it. */
  readonly instanceType: string;
  readonly until: string;
  /** How long before `until` the group goes to no instances. */
  readonly endsEarly: Derived;
  /** When it does. */
  readonly emptyFrom: string;
  /** When the recipients of alarms are told. */
  readonly noticeAt: string;
}

/** How long before its instances go the recipients of alarms are told. Our choice: AWS extends a block until an hour before its end. */
const NOTICE = SECONDS_PER_DAY;

const MINUTE = 60;

/** The Capacity Block of a variant; undefined without one. */
export function capacityBlockOf(
  { capacityBlock: block, instanceTypes }: InstanceSettings,
  timing: Pick<Timing, "drain" | "terminateHook">,
): CapacityBlock | undefined {
  if (block === undefined) {
    return undefined;
  }
  const [instanceType = ""] = instanceTypes;
  const endsEarly = leadOf(instanceType, timing);
  const emptyFrom = block.until - endsEarly.value;
  return {
    ...block,
    until: formatInstant(block.until),
    instanceType,
    endsEarly,
    emptyFrom: formatInstant(emptyFrom),
    noticeAt: formatInstant(emptyFrom - NOTICE),
  };
}

function leadOf(
  instanceType: string,
  { drain, terminateHook }: Pick<Timing, "drain" | "terminateHook">,
): Derived {
  const taken = lostBefore(instanceType);
  const late = SCHEDULED_ACTION_DELAY.seconds;
  const lead = taken + drain.value + terminateHook.value + late;
  return {
    value: Math.ceil(lead / MINUTE) * MINUTE,
    unit: "s",
    rule: "taken + drain + terminateHook + late, in whole minutes: EC2 terminates the instances so long before the end (taken), and a scheduled action may be so late",
    inputs: { taken, drain: drain.value, terminateHook: terminateHook.value, late },
    source: CAPACITY_BLOCK_END.source,
  };
}

/** Seconds before the end of a block from which on EC2 terminates its instances. */
function lostBefore(instanceType: string): number {
  return isOfUltraServer(instanceType) ? CAPACITY_BLOCK_END.ultraServerSeconds : CAPACITY_BLOCK_END.seconds;
}

/** What to do before a block ends, to end a sentence with. */
export const AFTER_BLOCK =
  "extend the block and write its new end, or move the load to a variant with another block or with on-demand instances, before";
