import { createHash } from "node:crypto";
import path from "node:path";
import util from "node:util";
import { Testing } from "cdktf";
import fc from "fast-check";

import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/** cdktf keeps a stack trace of every token, which takes two thirds of a test's time and is never looked at. */
Object.assign(stackTrace, { captureStackTrace: () => [] });

/** cdktf calls it for every output, and Node 22 prints that it is deprecated. */
Object.assign(util, { isArray: Array.isArray });

Testing.setupJest();

const { TEST_SEED } = process.env;

/** With a seed, what a test draws by chance follows from that and from its name: it passes everywhere or nowhere. */
beforeEach(() => {
  const { testPath = "", currentTestName } = expect.getState();
  const name = [TEST_SEED, path.relative(process.cwd(), testPath), currentTestName].join("\n");
  fc.configureGlobal(
    TEST_SEED === undefined ? {} : { seed: createHash("sha256").update(name).digest().readInt32BE() },
  );
});
