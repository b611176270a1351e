import util from "node:util";
import { Testing } from "cdktf";

import stackTrace = require("cdktf/lib/tokens/private/stack-trace");

/** cdktf keeps a stack trace of every token, which takes two thirds of a test's time and is never looked at. */
Object.assign(stackTrace, { captureStackTrace: () => [] });

/** cdktf calls it for every output, and Node 22 prints that it is deprecated. */
Object.assign(util, { isArray: Array.isArray });

Testing.setupJest();
