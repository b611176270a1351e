import { AFTER_BLOCK } from "../plan/capacity-block";
import { scheduledCosts } from "../plan/costs";
import type { Region } from "../plan/deployment";
import { type Derived, isWritten } from "../plan/derived";
import type { Model, Variant } from "../plan/model";
import { formatDollars, formatDuration } from "../units";
import type { DerivedText } from "./derived-text";

/** When a Capacity Block ends, and what is lost then. */
export function blockText(
  { name }: Model,
  { capacityBlock: block }: Variant,
): { readonly capacityBlock?: DerivedText } {
  return block === undefined
    ? {}
    : {
        capacityBlock: {
          value: block.until,
          rule: `its end; at ${block.emptyFrom} a scheduled action takes all instances, and nothing serves this part of ${name} from then on; recipients of alarms are told at ${block.noticeAt}: ${AFTER_BLOCK}`,
          source: block.endsEarly.source,
        },
      };
}

/** The sizes from each schedule on. */
export function scheduleTexts(
  region: Region,
  model: Model,
  variant: Variant,
): Readonly<Record<string, DerivedText>> {
  const costs = scheduledCosts(region, model, variant);
  return Object.fromEntries(
    variant.schedules.map(({ name, min, max, servesAfter }, index) => {
      const cost = costs[index];
      const parts = [
        `instances from then on, until another schedule runs: min ${min.value}, ${reason(min)}; max ${max.value}, ${reason(max)}`,
        ...(servesAfter === undefined
          ? []
          : [`all serve ${formatDuration(servesAfter.value)} later: ${servesAfter.rule}`]),
        ...(cost === undefined
          ? []
          : [`${formatDollars(cost.atMin.value)} to ${formatDollars(cost.atMax.value)} an hour`]),
      ];
      return [
        name,
        {
          value: `${min.value}–${max.value}`,
          rule: parts.join("; "),
          source: "Auto Scaling user guide, Scheduled scaling",
        },
      ];
    }),
  );
}

function reason(size: Derived): string {
  return isWritten(size) ? "as written" : size.rule;
}
