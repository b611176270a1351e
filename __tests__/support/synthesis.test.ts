import { loadDeployment } from "../../config/load";
import { synthesized, synthesizedInOrder } from "./synthesis";

it.each(["serving.yaml", "examples/minimal.yaml"])("stacks in any order are what is written: %s", (file) => {
  const loaded = loadDeployment(file);
  expect(loaded.ok).toBe(true);
  if (loaded.ok) {
    // Spread, so that every stack is made: the properties of both are made when they are read.
    expect({ ...synthesized(loaded.deployment) }).toEqual({ ...synthesizedInOrder(loaded.deployment) });
  }
});
