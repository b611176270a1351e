import { readFileSync } from "node:fs";
import type { Deployment } from "../config/plan/deployment";

function load(): typeof import("./support/instance") {
  let loaded: ReturnType<typeof load> | undefined;
  jest.isolateModules(() => {
    loaded = require("./support/instance");
  });
  return loaded as ReturnType<typeof load>;
}

it("loads a module once for all test files of a worker", () => {
  expect(load()).toBe(load());
});

it("keeps the tests of no file that has ended", () => {
  const kept = Object.getOwnPropertySymbols(globalThis).filter(
    ({ description }) => description === "JEST_STATE_SYMBOL",
  );
  expect(kept).toHaveLength(1);
});

it("tells where an error of a shared module stands in its source", () => {
  const source = readFileSync("__tests__/support/instance.ts", "utf8");
  const line = source.split("\n").findIndex((text) => text.includes("throw new Error")) + 1;
  let trace: string | undefined;
  try {
    load().instancesOf({ regions: [] } as unknown as Deployment);
  } catch (error) {
    trace = (error as Error).stack;
  }
  expect(trace).toContain(`__tests__/support/instance.ts:${line}:`);
});
