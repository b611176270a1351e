const { mkdirSync, mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const transform = require("./__tests__/transform");

/** Everything the suite writes goes here; it is removed when all is well. */
process.env.E2E_FOLDER = mkdtempSync(path.join(tmpdir(), "serving-e2e-"));

/** So does what goes into the temporary folder: cdktf makes a folder for each app of a test, and leaves it behind. */
process.env.TMPDIR = path.join(process.env.E2E_FOLDER, "tmp");
mkdirSync(process.env.TMPDIR);

/** It would be said in the midst of the steps, and is for whoever chooses the version of Node to know. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform,
  roots: ["<rootDir>/__tests__/e2e"],
  testMatch: ["**/*.test.ts"],
  globalSetup: "<rootDir>/__tests__/e2e/global-setup.ts",
  // Stories mostly wait, for an emulator and a provider of their own, unless the developer has one.
  maxWorkers: process.env.E2E_ENDPOINT === undefined ? 4 : 1,
  // A step takes up to two minutes, and more where others want the processors too.
  testTimeout: 900_000,
  reporters: [["<rootDir>/__tests__/e2e/progress.js", { folder: process.env.E2E_FOLDER }], "summary"],
};
