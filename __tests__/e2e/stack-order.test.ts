import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "stack-order-"));
const cdktf = join(process.cwd(), "node_modules", ".bin", "cdktf");

/** Stands for Terraform: writes down which stack it was called for, and does nothing. */
const TERRAFORM = `#!/bin/sh
case "$1" in
  version) echo '{"terraform_version":"1.9.0"}' ;;
  output) echo '{}' ;;
  apply | destroy) basename "$PWD" >>"$CALLS" ;;
esac
`;

interface Run {
  readonly code: number | null;
  /** The stacks that Terraform was called for, in order. */
  readonly stacks: readonly string[];
  readonly output: string;
}

/** Runs the CDKTF CLI on the default example, edited, with a Terraform that does nothing. */
function run(name: string, edit: (text: string) => string, ...args: readonly string[]): Promise<Run> {
  const root = join(folder, name);
  mkdirSync(root);
  const terraform = join(root, "terraform");
  writeFileSync(terraform, TERRAFORM);
  chmodSync(terraform, 0o755);
  const config = join(root, "serving.yaml");
  writeFileSync(config, edit(readFileSync("serving.yaml", "utf8")));
  const calls = join(root, "calls");
  const child = spawn(cdktf, [...args, "--auto-approve", "--output", join(root, "cdktf.out")], {
    env: {
      ...process.env,
      CI: "1",
      CALLS: calls,
      CHECKPOINT_DISABLE: "1",
      SERVING_CONFIG: config,
      TERRAFORM_BINARY_NAME: terraform,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const note = (chunk: Buffer): void => {
    output += chunk;
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  return new Promise((resolve) =>
    child.on("close", (code) => {
      const stacks = existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
      resolve({ code, stacks, output });
    }),
  );
}

const asItIs = (text: string): string => text;
const withTraffic = (word: string) => (text: string) =>
  text.replace("  eu-central-1:\n", `  eu-central-1:\n    traffic: ${word}\n`);

/** One region stays, which cannot survive the loss of a region. */
const removed = (text: string) => withTraffic("removed")(text).replace("survive: region", "survive: zone");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the order of stacks in the CDKTF CLI", () => {
  jest.setTimeout(180_000);

  test("deploys the stacks that others depend on first, and the global endpoint last", async () => {
    const { code, stacks } = await run(
      "deploy",
      asItIs,
      "deploy",
      "domain",
      "global",
      "us-east-1",
      "eu-central-1",
    );
    expect(code).toBe(0);
    expect(stacks[0]).toBe("domain");
    expect(stacks.slice(1, 3).sort()).toEqual(["eu-central-1", "us-east-1"]);
    expect(stacks.slice(3)).toEqual(["global"]);
  });

  test("destroys the global endpoint first, and the stacks that others depend on last", async () => {
    const { code, stacks } = await run(
      "destroy",
      asItIs,
      "destroy",
      "domain",
      "global",
      "us-east-1",
      "eu-central-1",
    );
    expect(code).toBe(0);
    expect(stacks[0]).toBe("global");
    expect(stacks.slice(1, 3).sort()).toEqual(["eu-central-1", "us-east-1"]);
    expect(stacks.slice(3)).toEqual(["domain"]);
  });

  test.each(["served", "drained"])("refuses to destroy a region that is %s", async (word) => {
    const { code, stacks, output } = await run(word, withTraffic(word), "destroy", "eu-central-1");
    expect(code).not.toBe(0);
    expect(stacks).toEqual([]);
    expect(output).toContain("dependant stacks are not included in the stacks to run: global");
  });

  test("destroys a region that was removed from the global endpoint", async () => {
    const { code, stacks } = await run("removed", removed, "destroy", "eu-central-1");
    expect(code).toBe(0);
    expect(stacks).toEqual(["eu-central-1"]);
  });

  test("destroys the domain stack while regions stay, to remove the global endpoint", async () => {
    const flag = "--ignore-missing-stack-dependencies";
    const { code, stacks } = await run("without-global-endpoint", asItIs, "destroy", flag, "domain");
    expect(code).toBe(0);
    expect(stacks).toEqual(["domain"]);
  });

  test("deploys the global endpoint alone with `npm run deploy:one`", async () => {
    const [, ...args] = JSON.parse(readFileSync("package.json", "utf8")).scripts["deploy:one"].split(" ");
    const { code, stacks } = await run("one", asItIs, ...args, "global");
    expect(code).toBe(0);
    expect(stacks).toEqual(["global"]);
  });
});
