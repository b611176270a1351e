import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

// A worker would go on with its file after jest was killed, for as long as the tests of that may take. To listen for the
// end of its channel would keep the channel open, and the worker with it.
if (process.connected) {
  setInterval(() => process.connected || process.exit(1), 1000).unref();
}

const compileFunction = vm.compileFunction;
const kept = new Map<string, { readonly source: string; readonly script: vm.Script }>();

/**
 * Has a worker compile a module once. Jest compiles it anew for each test file that imports it. Each file still runs
 * the module by itself, in a global scope of its own. What is kept is only its code.
 */
function compileOnce(
  code: string,
  parameters: readonly string[] = [],
  options: vm.CompileFunctionOptions = {},
) {
  const { filename, parsingContext } = options;
  if (filename === undefined || parsingContext === undefined) {
    return compileFunction(code, parameters, options);
  }
  // The head is on the first line of the module, so that lines and columns in traces stay as they are.
  const head = `(function (${parameters.join()}) {`;
  const source = `${head}${code}\n})`;
  let known = kept.get(filename);
  if (known?.source !== source) {
    known = { source, script: new vm.Script(source, { filename, columnOffset: -head.length }) };
    kept.set(filename, known);
  }
  return known.script.runInContext(parsingContext);
}
vm.compileFunction = compileOnce as typeof vm.compileFunction;

/** Node, in a worker that ends when jest does, in whatever way. */
class EnvironmentThatEndsWithJest extends TestEnvironment {}

export = EnvironmentThatEndsWithJest;
