import { readFileSync } from "node:fs";
import path from "node:path";
import { loadYaml, reportOf } from "../support/serving-file";

/*
 * Files that users wrote, in __tests__/cases, with what is right about each.
 */
const textOf = (name: string) => readFileSync(path.join(__dirname, "../cases", `${name}.yaml`), "utf8");
const reported = (name: string) =>
  reportOf(textOf(name)).map((line) => line.split("  ").slice(1, 4).join("  "));

/** The sizes of the one variant of the one model. */
function sizesOf(name: string) {
  const loaded = loadYaml(textOf(name));
  const variant = loaded.ok ? loaded.deployment.regions[0]?.models[0]?.variants[0] : undefined;
  return {
    zones: variant?.zones.value,
    need: variant?.capacity.need?.value,
    min: variant?.capacity.min.value,
  };
}

test.each([
  // Tokyo has g6 and g5 in two of its three zones; us-east-1 has p5en in two of its six.
  ["bug-tokyo", { zones: 2, need: 4, min: 8 }, "ap-northeast-1"],
  ["bug-zone-p5en", { zones: 2, need: 4, min: 8 }, "us-east-1"],
])("%s: sizes count only the zones that offer a type, and say so", (name, sizes, region) => {
  expect(sizesOf(name)).toEqual(sizes);
  expect(reported(name)).toContain(`warning  regions.${region}.network  instance-type-in-fewer-zones`);
});

test("bug-odcr: one reservation does not survive a zone", () => {
  expect(reported("bug-odcr")).toEqual(["error  models.m.capacityReservation.id  reservation-in-one-zone"]);
});
