const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");
const unit = require("./jest.config.js");

/** Everything the suite writes goes here; it is removed when all is well. */
process.env.E2E_FOLDER ??= mkdtempSync(path.join(tmpdir(), "serving-e2e-"));

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: unit.testEnvironment,
  transform: unit.transform,
  roots: ["<rootDir>/__tests__/e2e"],
  testMatch: ["**/*.test.ts"],
  maxWorkers: 1,
  reporters: [["<rootDir>/__tests__/e2e/progress.js", { folder: process.env.E2E_FOLDER }], "summary"],
};
