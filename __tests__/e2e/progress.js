const { readdirSync, rmSync } = require("node:fs");
const path = require("node:path");

/** @typedef {import("@jest/reporters").TestCaseResult} TestCaseResult */

const MARKS = { passed: "✓", failed: "✗" };

/**
 * Says which step of which story is being taken while it is, and how it went. Ends what the steps started should somebody
 * interrupt the run: a test cannot, as Jest hides the signals from it.
 */
class Progress {
  /**
   * @param {unknown} _globalConfig
   * @param {{ folder: string }} options where the run keeps its files
   */
  constructor(_globalConfig, { folder }) {
    this.folder = folder;
    this.startedAt = Date.now();
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ]) {
      process.once(signal, () => process.exit(code));
    }
    process.once("exit", () => this.endWhatIsLeft());
  }

  /** @param {{ title: string }} step */
  onTestCaseStart({ path: file }, step) {
    say(`${storyIn(file)}: … ${step.title}`);
  }

  /** @param {TestCaseResult} result */
  onTestCaseResult({ path: file }, result) {
    const { status, duration, failureMessages } = result;
    say(`${storyIn(file)}: ${MARKS[status] ?? status} ${result.title} (${seconds(duration ?? 0)})`);
    for (const message of failureMessages) {
      say(withoutLibraries(message));
    }
  }

  onTestResult(_test, { testExecError }) {
    if (testExecError) {
      say(String(testExecError.stack ?? testExecError.message));
    }
  }

  /** (`success` is still false here, whatever happened.) */
  onRunComplete(_contexts, { numFailedTests, numRuntimeErrorTestSuites }) {
    if (numFailedTests + numRuntimeErrorTestSuites === 0) {
      rmSync(this.folder, { recursive: true, force: true });
    } else {
      say(`\nThe files and the output of the steps are kept in ${this.folder}`);
    }
    say(`\nThe whole suite took ${seconds(Date.now() - this.startedAt)}.`);
  }

  /** Each file is named by the id of a process group that a step started and has not seen end. */
  endWhatIsLeft() {
    for (const id of namesIn(path.join(this.folder, "processes"))) {
      try {
        process.kill(-Number(id), "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}

/** Several may be reported at once. */
function storyIn(file) {
  return path.basename(file, ".test.ts");
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function withoutLibraries(message) {
  const lines = message.split("\n");
  return lines.filter((line) => !/^\s+at .*node_modules/.test(line)).join("\n");
}

function seconds(milliseconds) {
  return `${Math.round(milliseconds / 1000)} s`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

module.exports = Progress;
