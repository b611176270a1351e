import { readFileSync } from "node:fs";
import { ASSUMPTIONS, assume } from "../../simulation/assumptions";
import { deployment, group, region, Simulated } from "../support/simulated";
import { sourceFiles } from "../support/source-files";

it.each(Object.entries(ASSUMPTIONS))(
  "%s lies in its range, and has a sentence and a source",
  (_name, assumption) => {
    const { value, range, meaning, source } = assumption;
    expect(value).toBeGreaterThanOrEqual(range[0]);
    expect(value).toBeLessThanOrEqual(range[1]);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(source).not.toBe("");
  },
);

it("has no assumption that nothing uses", () => {
  const texts = sourceFiles(["simulation", "local"])
    .filter((file) => !file.endsWith("assumptions.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const unused = Object.keys(ASSUMPTIONS).filter((name) => !new RegExp(`\\b${name}\\b`).test(texts));
  expect(unused).toEqual([]);
});

it("takes what it is told", () => {
  expect(assume({ launch: 5 })).toMatchObject({ launch: 5, warmStart: ASSUMPTIONS.warmStart.value });
});

it("gives the same story for the same seed", () => {
  const story = (seed: number) => {
    const simulated = new Simulated(
      deployment({ regions: [region({ groups: [group({ min: 6, max: 9 })] })] }),
      {},
      seed,
    );
    simulated.clock.runUntil(400);
    simulated.dead.add("i-2").add("i-5");
    simulated.clock.runUntil(2000);
    return simulated.events;
  };
  expect(story(5)).toEqual(story(5));
  expect(story(5)).not.toEqual(story(6));
});
