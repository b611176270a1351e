import util from "node:util";
import { Testing } from "cdktf";

/** cdktf keeps a stack trace of every token, which takes two thirds of a test's time and is never looked at. */
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));

/** cdktf calls it for every output, and Node 22 prints that it is deprecated. */
Object.assign(util, { isArray: Array.isArray });

Testing.setupJest();
