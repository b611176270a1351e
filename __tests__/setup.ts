import { Testing } from "cdktf";

/** cdktf keeps a stack trace of every token, which takes two thirds of a test's time and is never looked at. */
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));

Testing.setupJest();
