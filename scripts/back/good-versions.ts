import { type GroupState, type Refresh, timeOf, type Version } from "./aws-group";

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** How long AWS remembers a refresh. Source: Auto Scaling API, DescribeInstanceRefreshes. */
const REFRESHES_KEPT_MS = 6 * WEEK_MS;

/** A version that was good, with what its instances run. */
export interface GoodVersion extends Version {
  readonly facts: NonNullable<Version["facts"]>;
  /** What shows that it was good; it follows the version's number in a sentence. */
  readonly evidence: string;
}

/**
 * The versions before the present one that were good, the newest first. Healthy instances alone do not make a version
 * good: an alarm that stops its refresh leaves some behind. A version is good
 *
 * - when the last of its refreshes that nobody cancelled succeeded;
 * - when the group was created with it, and no refresh says otherwise: it needed none;
 * - when AWS has forgotten its refreshes, and the group stayed on it for a week or more. The week is this project's own.
 *
 * @param versions all of the launch template, the newest first
 * @param refreshes the newest first
 * @param now milliseconds since 1970
 */
export function goodVersions(
  group: Pick<GroupState, "created" | "version">,
  versions: readonly Version[],
  refreshes: readonly Refresh[],
  now = Date.now(),
): readonly GoodVersion[] {
  const first = newestAt(group.created, versions) ?? versions.at(-1);
  return versions.flatMap((version, index) => {
    const { number, facts } = version;
    if (facts === undefined || number >= group.version) {
      return [];
    }
    const own = refreshes.filter((refresh) => broughtBy(refresh, versions) === number);
    const verdict = own.find(({ status }) => status !== "Cancelled")?.status;
    const evidence =
      verdict !== undefined
        ? verdict === "Successful" && "whose refresh succeeded"
        : number === first?.number
          ? "with which the group was created"
          : own.length === 0 &&
            stood(version, versions[index - 1], now) &&
            "on which the group stayed for a week or more, and whose refresh AWS has forgotten";
    return evidence ? [{ ...version, facts, evidence }] : [];
  });
}

/** The version that a refresh brought: the one it was asked for, or else the newest one when it began. */
function broughtBy({ desired, startTime }: Refresh, versions: readonly Version[]): number | undefined {
  return desired ?? newestAt(startTime, versions)?.number;
}

/** The newest version at a time. */
function newestAt(time: string, versions: readonly Version[]): Version | undefined {
  return versions.find(({ created }) => timeOf(created) <= timeOf(time));
}

function stood({ created }: Version, next: Version | undefined, now: number): boolean {
  const begin = timeOf(created);
  return now - begin > REFRESHES_KEPT_MS && next !== undefined && timeOf(next.created) - begin >= WEEK_MS;
}
