import vm from "node:vm";

afterEach(() => jest.restoreAllMocks());

const load = () => {
  let loaded: unknown;
  jest.isolateModules(() => {
    loaded = require("../config/units");
  });
  return loaded;
};

it("compiles a module once, and runs it each time that it is loaded", () => {
  const first = load();
  const run = jest.spyOn(vm.Script.prototype, "runInContext");
  const compiled = jest.spyOn(vm, "Script");
  const second = load();
  expect(run).toHaveBeenCalled();
  expect(compiled).not.toHaveBeenCalled();
  expect(second).not.toBe(first);
});

it("keeps the places of an error on the first line of a module", () => {
  const context = vm.createContext();
  const at = { filename: "/first-line.js", parsingContext: context };
  const fail = vm.compileFunction("const one = 1; throw new Error(one + two)", ["two"], at);
  const trace = (() => {
    try {
      return fail(2);
    } catch (error) {
      return (error as Error).stack;
    }
  })();
  expect(trace).toMatch(/^Error: 3\n\s+at \/first-line\.js:1:22/);
});
