import * as fc from "fast-check";
import { MOST_PARTS, PART_BYTES, partsOf } from "../../../scripts/mirror/parts";
import { progressText } from "../../../scripts/mirror/progress";

const LEAST = 5 * 2 ** 20; // of S3, but for the last part
const LARGEST = 5 * 2 ** 40; // object of S3

test("a file of any size that S3 takes is all its parts, and S3 takes them", () => {
  fc.assert(
    fc.property(fc.integer({ min: PART_BYTES + 1, max: LARGEST }), (size) => {
      const parts = partsOf(size);
      expect(parts.length).toBeLessThanOrEqual(MOST_PARTS);
      expect(parts.slice(0, -1).every(({ start, end }) => end - start >= LEAST)).toBe(true);
      expect(
        parts.every(
          ({ number, start }, index) => number === index + 1 && start === (parts[index - 1]?.end ?? 0),
        ),
      ).toBe(true);
      expect(parts.at(-1)?.end).toBe(size);
    }),
    { numRuns: 20 },
  );
});

test("50 GB are 2,981 parts", () => {
  expect(partsOf(50e9)).toHaveLength(2981);
});

test.each([
  [{ done: 12.3e9, total: 16.4e9, copied: 9.3e9, seconds: 30 }, "12.3 of 16.4 GB, 75 %, 310 MB/s, 14s left"],
  [{ done: 1e9, total: 101e9, copied: 1e9, seconds: 10 }, "1.0 of 101.0 GB, 0 %, 100 MB/s, 17m left"],
  [{ done: 5, total: 5, copied: 0, seconds: 3 }, "0.0 of 0.0 GB, 100 %"],
])("progress is shown with rate and time left", (progress, text) => {
  expect(progressText(progress)).toBe(text);
});
