import type { Refresh, Version } from "../../../scripts/back/aws-group";
import { goodVersions } from "../../../scripts/back/good-versions";

const NOW = Date.UTC(2026, 11, 31);
const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString();

/** Versions by the days since they were made, the oldest first. */
const versions = (...ages: readonly number[]): readonly Version[] =>
  ages.map((age, index) => ({ number: index + 1, created: daysAgo(age), facts: new Map() })).reverse();

const refresh = (age: number, status: string, desired?: number): Refresh => ({
  ...{ id: `refresh-${age}`, status, reason: "", startTime: age < 0 ? "" : daysAgo(age), desired },
});

/** The good versions before the last one. */
const good = (all: readonly Version[], refreshes: readonly Refresh[], created = all.at(-1)?.created ?? "") =>
  goodVersions({ version: all[0]?.number ?? 0, created }, all, refreshes, NOW).map(({ number }) => number);

it.each<[string, readonly number[], readonly Version[], readonly Refresh[]]>([
  ["the first, launched without a refresh", [1], versions(9, 1), []],
  ["no first whose refresh failed later", [], versions(9, 1), [refresh(5, "Failed")]],
  ["the first whose later refresh somebody cancelled", [1], versions(9, 1), [refresh(5, "Cancelled")]],
  ["one whose refresh succeeded", [2, 1], versions(9, 5, 1), [refresh(4, "Successful")]],
  ["none that never ran", [1], versions(9, 5, 1), []],
  ["none that never ran, and stayed a week", [1], versions(40, 30, 1), []],
  ["none whose refresh was cancelled before it began", [1], versions(9, 5, 1), [refresh(-1, "Cancelled")]],
  [
    "one whose second refresh succeeded",
    [2, 1],
    versions(9, 5, 1),
    [refresh(3, "Successful"), refresh(4, "Failed")],
  ],
  [
    "none whose second refresh failed",
    [1],
    versions(9, 5, 1),
    [refresh(3, "Failed"), refresh(4, "Successful")],
  ],
  [
    "by the version that a refresh was asked for, not by its time",
    [2, 1],
    versions(9, 5, 3, 1),
    [refresh(2, "Successful", 2)],
  ],
  ["what stayed for a week before AWS began to remember", [2, 1], versions(200, 100, 1), []],
  ["not what was replaced sooner then", [3, 1], versions(200, 100, 99, 1), []],
])("good is %s", (_what, expected, all, refreshes) => {
  expect(good(all, refreshes)).toEqual(expected);
});

it("is, in a group that was made later, the version of that time", () => {
  expect(good(versions(9, 5, 1), [], daysAgo(4.9))).toEqual([2]);
});

it("is no version of other instances", () => {
  const [last, first] = versions(9, 1);
  expect(good([last as Version, { ...(first as Version), facts: undefined }], [])).toEqual([]);
});
