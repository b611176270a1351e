const { availableParallelism } = require("node:os");
const transform = require("./__tests__/transform");

/** It would be said by every worker, and is for whoever chooses the version of Node to know. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** The process that a run of the tests is: what all its workers share ends with it. */
process.env.TEST_RUN = String(process.pid);

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/__tests__/environment.ts",
  runtime: "<rootDir>/__tests__/runtime.js",
  globalSetup: "<rootDir>/__tests__/temporary-folder.ts",
  setupFilesAfterEnv: ["<rootDir>/__tests__/setup.ts"],
  moduleNameMapper: { "^archiver$": "<rootDir>/__tests__/support/no-archiver.ts" },
  transform,
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["e2e", "instance"].map((room) => `<rootDir>/__tests__/${room}/`),
  // A test that runs a program may take long beside others; one that hangs is ended.
  testTimeout: 180_000,
  // Many tests wait for processes of their own: two workers a processor, which no percentage can say.
  maxWorkers: 2 * availableParallelism(),
  // On a busy machine a worker needs more than Jest's half second to end. One that a test keeps is still reported.
  workerGracefulExitTimeout: 10_000,
};
