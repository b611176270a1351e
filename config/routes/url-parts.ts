import { type Condition, conditionsIn, isUniversal } from "./condition-table";
import { KINDS } from "./kinds";
import type { UrlPart } from "./kinds/kind";
import type { RouteConditions } from "./route";

/**
 * Whether a route's conditions on this part of the URL match a text. `true` is never wrong.
 *
 * @param text undefined when it is not yet known: then only a route that matches every text does
 */
export function matchesUrlPart(
  conditions: RouteConditions,
  part: UrlPart["part"],
  text: string | undefined,
): boolean {
  return conditionsOn(conditions, part).every(([condition, { matches }]) =>
    text === undefined ? isUniversal(condition) : matches(condition.values, text),
  );
}

/** Host names or paths that a route may match, in the order in which they are written. */
export function urlPartCandidates(conditions: RouteConditions, part: UrlPart["part"]): readonly string[] {
  return conditionsOn(conditions, part).flatMap(([{ values }, { candidates }]) => candidates(values));
}

/** Whether a client has to send more than a URL with the right host and path. */
export function needsMoreThanUrl(conditions: RouteConditions): boolean {
  return conditionsIn(conditions).some(({ kind }) => KINDS[kind].url === "more");
}

function conditionsOn(
  conditions: RouteConditions,
  part: UrlPart["part"],
): readonly (readonly [Condition, UrlPart])[] {
  return conditionsIn(conditions).flatMap((condition) => {
    const { url } = KINDS[condition.kind];
    return typeof url === "object" && url.part === part ? [[condition, url] as const] : [];
  });
}
