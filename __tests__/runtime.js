const { default: Runtime } = require("jest-runtime");

/** The modules of a worker, which all its test files share. */
let shared;

/**
 * Has a worker load a module once. Jest loads all that a test file imports anew for each file, which took most of the
 * suite's time. Test files, set-up files and the runner of tests alone are still loaded by a runtime of their own, and only
 * in test files and set-up files does `jest.mock` have an effect.
 */
class RuntimeThatShares extends Runtime {
  constructor(...given) {
    super(...given);
    shared ??= new Runtime(...given);
  }

  requireModule(from, name, options, isActual) {
    return name === undefined
      ? super.requireModule(from, name, options, isActual)
      : shared.requireModule(from, name, options, isActual);
  }

  getSourceMaps() {
    // Modules are loaded after this is asked for.
    const registries = [super.getSourceMaps(), shared.getSourceMaps()];
    return {
      get: (file) => registries.find((registry) => registry.has(file))?.get(file),
      [Symbol.iterator]: () => registries.flatMap((registry) => [...registry])[Symbol.iterator](),
    };
  }
}

module.exports = { __esModule: true, default: RuntimeThatShares };
