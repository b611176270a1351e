import fc from "fast-check";
import { diskDiagnostic, diskNeededGiB } from "../../../config/plan/disk";

test("140 GiB of weights need 270: with the images they are 220, and 20 % is to spare", () => {
  expect(diskNeededGiB({ weightsGiB: 140 })).toBe(270);
});

test("Llama 3.1 8B needs 120", () => {
  expect(diskNeededGiB({ weightsGiB: 14.96 })).toBe(120);
});

test("adapters and mounts count as weights do", () => {
  expect(diskNeededGiB({ weightsGiB: 100, adaptersGiB: 10, mountsGiB: 30 })).toBe(270);
  expect(diskDiagnostic(100, { weightsGiB: 100, adaptersGiB: 9.5, mountsGiB: 30 })).toBe(
    "100 GiB < weights 100 + adapters 10 + mounts 30 + container image 30 + machine image 50 + 20 % head-room: use 270GiB",
  );
});

test("a smaller container image needs less", () => {
  expect(diskNeededGiB({ weightsGiB: 140, imageGiB: 5 })).toBe(240);
});

test("a machine image of one's own may be smaller", () => {
  expect(diskNeededGiB({ weightsGiB: 140, machineImageGiB: 0 })).toBe(210);
});

test("a volume is never smaller than the snapshot it is made from", () => {
  expect(diskNeededGiB({ weightsGiB: 0, imageGiB: 1, machineImageGiB: 10 })).toBe(75);
});

test("exactly full steps are not rounded up", () => {
  expect(diskNeededGiB({ weightsGiB: 20 })).toBe(120);
  expect(diskNeededGiB({ weightsGiB: 20.1 })).toBe(130);
});

test("the diagnostic of a volume too small has its contents and the right size", () => {
  expect(diskDiagnostic(100, { weightsGiB: 140 })).toBe(
    "100 GiB < weights 140 + container image 30 + machine image 50 + 20 % head-room: use 270GiB",
  );
});

test("the diagnostic leaves out what a volume need not hold", () => {
  expect(diskDiagnostic(20, { weightsGiB: 0, machineImageGiB: 0 })).toBe(
    "20 GiB < container image 30 + 20 % head-room: use 75GiB",
  );
});

test("the size that is proposed is large enough, one GiB less is not", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 5000, noNaN: true }), (weightsGiB) => {
      const needed = diskNeededGiB({ weightsGiB });
      expect(diskDiagnostic(needed, { weightsGiB })).toBeUndefined();
      expect(diskDiagnostic(needed - 1, { weightsGiB })).toContain(`use ${needed}GiB`);
    }),
  );
});

test("more weights never need less, and all they need is there", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 5000, noNaN: true }),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (weightsGiB, extra) => {
        const needed = diskNeededGiB({ weightsGiB });
        expect(diskNeededGiB({ weightsGiB: weightsGiB + extra })).toBeGreaterThanOrEqual(needed);
        expect(needed).toBeGreaterThanOrEqual((weightsGiB + 80) * 1.2 - 1e-3);
      },
    ),
  );
});
