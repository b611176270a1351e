const { availableParallelism } = require("node:os");
const transform = require("./__tests__/transform");

const common = {
  testEnvironment: "<rootDir>/__tests__/environment.ts",
  globalSetup: "<rootDir>/__tests__/temporary-folder.ts",
  moduleNameMapper: { "^archiver$": "<rootDir>/__tests__/support/no-archiver.ts" },
  transform,
};

/** It would be said by every worker, and is for whoever chooses the version of Node to know. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** The process that a run of the tests is: what all its workers share ends with it. */
process.env.TEST_RUN = String(process.pid);

/** Rooms whose tests use the matchers of cdktf; the others are spared loading it. */
const WITH_CDKTF = ["constructs", "stacks", "examples"];

/** @type {import("jest").Config} */
module.exports = {
  // Many tests wait for processes of their own: two workers a processor, which no percentage can say.
  maxWorkers: 2 * availableParallelism(),
  // On a busy machine a worker needs more than Jest's half second to end. One that a test keeps is still reported.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...common,
      displayName: "terraform",
      testMatch: WITH_CDKTF.map((room) => `<rootDir>/__tests__/${room}/**/*.test.ts`),
      setupFilesAfterEnv: ["<rootDir>/__tests__/setup.ts"],
    },
    {
      ...common,
      displayName: "pure",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: [...WITH_CDKTF, "e2e", "instance"].map(
        (room) => `<rootDir>/__tests__/${room}/`,
      ),
    },
  ],
};
