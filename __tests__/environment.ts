import { TestEnvironment } from "jest-environment-node";

// A worker would go on with its file after jest was killed, for as long as the tests of that may take. To listen for the
// end of its channel would keep the channel open, and the worker with it.
if (process.connected) {
  setInterval(() => process.connected || process.exit(1), 1000).unref();
}

/** Node, in a worker that ends when jest does, in whatever way. */
class EnvironmentThatEndsWithJest extends TestEnvironment {}

export = EnvironmentThatEndsWithJest;
