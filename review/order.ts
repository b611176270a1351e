import { listed } from "../config/diagnostics/text";
import type { Deployment, StackChange } from "./deployment";

/** The stacks that are no region, by when a deploy takes them: a region needs the domain, and global needs the regions. */
const RANKS: Readonly<Record<string, number>> = { state: 0, domain: 1, global: 3 };
const OF_A_REGION = 2;

/**
 * In which order the stacks that change are applied, in sentences; empty where there is only one. Where the usual order
 * would hurt, the first sentence says which one goes first.
 */
export function orderOf({ name, stacks }: Deployment): readonly string[] {
  const changed = stacks.filter(
    ({ isLeft, changes }) => !isLeft && changes.some(({ action }) => action !== "unchanged"),
  );
  const isOurs = changed.every((stack) => stack.name in RANKS || stack.name === stack.region);
  if (name === undefined || !isOurs || changed.length < 2) {
    return [];
  }
  const ranks = [...new Set(changed.map(rankOf))].sort();
  const usual = ranks.map((rank) =>
    listed(changed.filter((each) => rankOf(each) === rank).map((each) => each.name)),
  );
  const other = otherOrder(changed);
  return [
    ...other,
    `${other.length > 0 ? "after that, " : ""}${usual.join(", then ")}: npx cdktf deploy '*' keeps this order`,
  ];
}

function rankOf({ name }: StackChange): number {
  return RANKS[name] ?? OF_A_REGION;
}

/** What docs/regions.md has another order for. */
function otherOrder(changed: readonly StackChange[]): readonly string[] {
  const global = changed.find(({ name }) => name === "global");
  if (global === undefined || !isThere(global)) {
    return [];
  }
  const regions = changed.filter((stack) => rankOf(stack) === OF_A_REGION);
  const fewer = regions.filter((stack) => isThere(stack) && deletes(stack, "aws_lb_listener_rule"));
  const added = regions.filter((stack) => !isThere(stack)).map((stack) => stack.name);
  return [
    ...(fewer.length > 0 && deletes(global, "aws_route53_health_check")
      ? [
          `global first, by npm run deploy:one global: it health-checks what ${listed(fewer.map(({ name }) => name))} will no longer serve, and would take a region for unhealthy`,
        ]
      : []),
    ...(added.length > 0
      ? [
          `${listed(added)} before global, with traffic: drained, until the models there have answered: docs/regions.md, "Add a region"`,
        ]
      : []),
  ];
}

/** Whether something of a stack is there before the change. */
function isThere({ changes }: StackChange): boolean {
  return changes.some(({ before }) => before !== undefined);
}

function deletes({ changes }: StackChange, type: string): boolean {
  return changes.some((change) => change.type === type && change.action === "delete");
}
