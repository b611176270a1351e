import fc from "fast-check";
import { headline, reviewText } from "../../review/text";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { loadFile, type WrittenFile } from "../support/serving-file";
import { reviewOfFiles } from "./synthesized";

const files = arbitraryServingFile({ models: 2, regions: 2 });

test("over any pair of files, every address is accounted for once", () => {
  fc.assert(
    fc.property(files, files, (before, other) => {
      const after: WrittenFile = { ...other, name: before.name };
      fc.pre(loadFile(after).ok);
      const made = reviewOfFiles(before, after);
      for (const stack of made.deployment.stacks) {
        const changed = stack.changes.filter(({ action }) => stack.isLeft || action !== "unchanged");
        const told = made.consequences.filter((each) => each.stack === stack.name);
        expect(told.flatMap(({ addresses }) => addresses).sort()).toEqual(
          changed.map(({ address }) => address).sort(),
        );
      }
      expect(reviewText(made)).toContain(headline(made));
      expect(made.awsRefusals).toEqual([]);
    }),
    { numRuns: 8 },
  );
});

test("any file against itself changes nothing", () => {
  fc.assert(
    fc.property(files, (file) => {
      const { verdict, exposure, survival } = reviewOfFiles(file, structuredClone(file));
      expect(verdict.kind).toBe("changes nothing");
      expect(exposure).toEqual([]);
      expect([...survival.fell, ...survival.rose]).toEqual([]);
    }),
    { numRuns: 5 },
  );
});
