import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App, CONTEXT_ENV, TerraformStack } from "cdktf";
import { removeStaleStacks } from "../../stacks/stale";

const outdir = mkdtempSync(path.join(tmpdir(), "stale-"));
const stack = (name: string, ...inside: readonly string[]) => path.join(outdir, "stacks", name, ...inside);

beforeEach(() => {
  for (const name of ["us-east-1", "eu-west-1"]) {
    mkdirSync(stack(name, ".terraform"), { recursive: true });
  }
  writeFileSync(stack("a-file"), "");
});
afterEach(() => {
  delete process.env[CONTEXT_ENV];
});
afterAll(() => rmSync(outdir, { recursive: true }));

/** Synthesizes us-east-1, after an earlier synthesis of us-east-1 and eu-west-1. */
function synthesizeAgain(): void {
  const app = new App({ outdir, skipValidation: true });
  new TerraformStack(app, "us-east-1");
  app.synth();
  removeStaleStacks(app);
}

test("the folder of a stack that is no longer declared is removed", () => {
  synthesizeAgain();
  expect(existsSync(stack("eu-west-1"))).toBe(false);
});

test("Terraform's files in a stack's folder stay, and so does a file that is no stack", () => {
  synthesizeAgain();
  expect(existsSync(stack("us-east-1", ".terraform"))).toBe(true);
  expect(existsSync(stack("us-east-1", "cdk.tf.json"))).toBe(true);
  expect(existsSync(stack("a-file"))).toBe(true);
});

test("nothing is removed under the cdktf CLI, which removes the folder itself and fails if it is gone", () => {
  process.env[CONTEXT_ENV] = "{}";
  synthesizeAgain();
  expect(existsSync(stack("eu-west-1"))).toBe(true);
});
