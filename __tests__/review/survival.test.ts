import { validFile, validModel, type WrittenFile } from "../support/serving-file";
import { reviewOfFiles } from "./synthesized";

const withModel = (change: Partial<WrittenFile["models"][string]>): WrittenFile => ({
  ...validFile(),
  models: { llama: { ...validModel(), ...change } },
});

test("a type less and an instance less are said to fall", () => {
  const { survival } = reviewOfFiles(
    withModel({ capacity: { min: 6, max: 9 } }),
    withModel({ capacity: { min: 3, max: 9 }, instanceTypes: ["g6.2xlarge"] }),
  );
  expect(survival.rose).toEqual([]);
  expect(survival.fell).toEqual([
    "us-east-1 llama main: 1 instance type, and had 2",
    "us-east-1 llama main: the loss of a zone leaves 2 of 3 instances, and left 4 of 6",
  ]);
});

test("more instances rise", () => {
  const { survival } = reviewOfFiles(validFile(), withModel({ capacity: { min: 6, max: 9 } }));
  expect(survival.fell).toEqual([]);
  expect(survival.rose).toEqual([
    "us-east-1 llama main: the loss of a zone leaves 4 of 6 instances, and left 2 of 3",
  ]);
});

test("a reservation less falls, and one more rises", () => {
  const [one, other] = ["cr-0123456789abcdef0", "cr-0123456789abcdef1"];
  const withReserved = (ids: readonly string[]) =>
    withModel({
      instanceTypes: ["g6.2xlarge"],
      capacityReservation: {
        preference: "capacity-reservations-first",
        reservations: ids.map((id, index) => ({ id, zone: `us-east-1${"ab"[index]}`, count: 2 })),
      },
    });
  expect(reviewOfFiles(withReserved([one, other]), withReserved([one])).survival.fell).toEqual([
    `us-east-1: nothing is launched into the reservation ${other}`,
  ]);
  expect(reviewOfFiles(withReserved([one]), withReserved([one, other])).survival.rose).toEqual([
    `us-east-1: instances are launched into the reservation ${other}`,
  ]);
});

test("a schedule that leaves fewer instances falls, and is no other size by itself", () => {
  const schedules = [{ cron: "0 20 * * *", min: 2 }, { cron: "0 6 * * *" }];
  const { survival } = reviewOfFiles(validFile(), withModel({ schedules }));
  expect(survival.fell).toEqual(["us-east-1 llama main: schedules leave 2 instances, and left 3"]);
  expect(reviewOfFiles(withModel({ schedules }), withModel({ schedules })).survival.fell).toEqual([]);
});
