import { sealed } from "../requests/cookies";
import type { Target } from "../targets/target";
import type { TargetGroup } from "../targets/target-group";

/** Names of the load balancer's own cookies. Source: ELB user guide, "Sticky sessions". */
export const GROUP_COOKIE = "AWSALBTG";
export const TARGET_COOKIE = { "load balancer": "AWSALB", application: "AWSALBAPP-0" } as const;

/** Each of its own cookies comes twice; the second is for requests from other sites. */
const SECOND = { AWSALB: "AWSALBCORS", AWSALBTG: "AWSALBTGCORS" } as const;

/**
 * The Set-Cookie headers that a load balancer adds to an answer.
 *
 * @param now seconds of the simulation
 * @param given names of the cookies that the target sets itself; one of an application begins its stickiness
 */
export function stickyCookies(
  {
    targetGroup,
    target,
    groupStickyFor,
  }: {
    readonly targetGroup: TargetGroup;
    readonly target: Target;
    readonly groupStickyFor: number;
  },
  now: number,
  given: ReadonlySet<string>,
): readonly string[] {
  const { stickiness, address } = targetGroup.model;
  const cookies: string[] = [];
  if (groupStickyFor > 0) {
    cookies.push(...pair(GROUP_COOKIE, address, now, groupStickyFor));
  }
  if (stickiness?.by === "load balancer") {
    cookies.push(...pair("AWSALB", target.instance, now, stickiness.seconds));
  }
  if (stickiness?.by === "application" && given.has(stickiness.cookie)) {
    const value = sealed(target.instance, now + stickiness.seconds);
    cookies.push(`${TARGET_COOKIE.application}=${value}; Max-Age=${stickiness.seconds}; Path=/`);
  }
  return cookies;
}

function pair(name: keyof typeof SECOND, names: string, now: number, seconds: number): readonly string[] {
  const value = sealed(names, now + seconds);
  return [
    `${name}=${value}; Max-Age=${seconds}; Path=/`,
    `${SECOND[name]}=${value}; Max-Age=${seconds}; Path=/; SameSite=None`,
  ];
}
