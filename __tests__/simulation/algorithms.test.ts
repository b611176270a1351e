import { chooseTarget } from "../../simulation/targets/algorithms";
import { Target } from "../../simulation/targets/target";
import { randomFrom } from "../../simulation/time/random";

const targets = () => ["a", "b", "c"].map((name) => new Target(name, "a"));
const FULL = () => 1;

function counts(
  algorithm: Parameters<typeof chooseTarget>[1],
  times: number,
  shareOf: (target: Target) => number,
) {
  const [all, random] = [targets(), randomFrom(3)];
  const count = new Map(all.map(({ instance }) => [instance, 0]));
  for (let turn = 1; turn <= times; turn += 1) {
    const { instance = "" } = chooseTarget(all, algorithm, turn, random, shareOf) ?? {};
    count.set(instance, (count.get(instance) ?? 0) + 1);
  }
  return [...count.values()];
}

it("takes turns", () => {
  expect(counts("round_robin", 300, FULL)).toEqual([100, 100, 100]);
});

it("gives a target in slow start its share of a full one", () => {
  const [slow = 0, ...others] = counts("round_robin", 3000, ({ instance }) => (instance === "a" ? 0.25 : 1));
  // Of 2.25 shares it has 0.25.
  expect(Math.abs(slow - 333)).toBeLessThan(4 * Math.sqrt(3000 * 0.11 * 0.89));
  expect(Math.abs((others[0] ?? 0) - (others[1] ?? 0))).toBeLessThan(100);
});

it("chooses the one with the fewest requests, and takes turns among equals", () => {
  const all = targets();
  const [a, b, c] = all as [Target, Target, Target];
  [a.outstanding, b.outstanding, c.outstanding] = [2, 1, 1];
  const next = (turn: number) => chooseTarget(all, "least_outstanding_requests", turn, randomFrom(1), FULL);
  expect([next(1), next(2), next(3)]).toEqual([b, c, b]);
});

it("chooses at random with equal weights", () => {
  for (const count of counts("weighted_random", 3000, FULL)) {
    expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (1 / 3) * (2 / 3)));
  }
});

it("chooses nobody of none", () => {
  expect(chooseTarget([], "round_robin", 1, randomFrom(1), FULL)).toBeUndefined();
});
