import { TestEnvironment } from "jest-environment-node";

// A worker would go on with its file after jest was killed, for as long as the tests of that may take.
process.once("disconnect", () => process.exit(1));

/** Node, in a worker that ends when jest does, in whatever way. */
class EnvironmentThatEndsWithJest extends TestEnvironment {}

export = EnvironmentThatEndsWithJest;
