const transform = require("./__tests__/transform");

if (process.env.INSTANCE_IMAGE === undefined) {
  throw new Error(
    "The stories change the network that they run in. Run them in one of their own: npm run test:instance",
  );
}

/** It would be said in the midst of the stories, and is for whoever chooses the version of Node to know. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform,
  transformIgnorePatterns: ["/node_modules/(?!jose/)"],
  moduleNameMapper: { "^archiver$": "<rootDir>/__tests__/support/no-archiver.ts" },
  // Not in the folder for temporary files, which is removed after each run.
  cacheDirectory: "<rootDir>/node_modules/.cache/jest-instance",
  roots: ["<rootDir>/__tests__/instance"],
  testMatch: ["**/*.test.ts"],
  maxWorkers: 1,
  // Stories mostly wait. This many run side by side, each with an instance of its own.
  maxConcurrency: 4,
  testTimeout: 900_000,
  // The emulator and the name server go on; they end with the namespaces of the run.
  forceExit: true,
  verbose: true,
};
