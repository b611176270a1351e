const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const path = require("node:path");

/** Everything the suite writes goes here; it is removed when all is well. */
process.env.E2E_FOLDER ??= mkdtempSync(path.join(tmpdir(), "serving-e2e-"));

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  roots: ["<rootDir>/__tests__/e2e"],
  testMatch: ["**/*.test.ts"],
  maxWorkers: 1,
  reporters: [["<rootDir>/__tests__/e2e/progress.js", { folder: process.env.E2E_FOLDER }], "summary"],
};
