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
