import type { EnvironmentContext, JestEnvironmentConfig } from "@jest/environment";
import { TestEnvironment } from "jest-environment-node";

// A worker would go on with its file after jest was killed, for as long as the tests of that may take. To listen for the
// end of its channel would keep the channel open, and the worker with it.
if (process.connected) {
  setInterval(() => process.connected || process.exit(1), 1000).unref();
}

/** Where circus keeps those that listen to it. It adds its own for each test file. */
const LISTENERS = Symbol.for("EVENT_HANDLERS");

/** How circus describes the symbol under which it keeps the tests of a file. It makes a symbol for each. */
const TESTS = "JEST_STATE_SYMBOL";

/** The global scope of a worker, in which all its test files run, so that they can share modules. */
class SharedEnvironment extends TestEnvironment {
  override async setup() {
    Reflect.deleteProperty(this.global, LISTENERS);
  }

  override async teardown() {
    for (const symbol of Object.getOwnPropertySymbols(this.global)) {
      if (symbol.description === TESTS) {
        Reflect.deleteProperty(this.global, symbol);
      }
    }
    this.moduleMocker?.restoreAllMocks();
    this.fakeTimersModern?.useRealTimers();
  }
}

let shared: SharedEnvironment | undefined;

export = function environment(config: JestEnvironmentConfig, context: EnvironmentContext) {
  shared ??= new SharedEnvironment(config, context);
  return shared;
};
