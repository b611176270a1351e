import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GLOBAL_ENDPOINT_YAML } from "../support/global-endpoint-file";
import { VALID_YAML } from "../support/serving-file";

const project = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "review-test-"));
  mkdirSync(path.join(folder, "tmp"));
  mkdirSync(path.join(folder, "node_modules"));
  write("serving.yaml", VALID_YAML);
});

afterEach(() => {
  // Nothing of a review stays.
  expect(readdirSync(path.join(folder, "tmp"))).toEqual([]);
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text);
}

function git(...args: readonly string[]): string {
  const as = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...as, ...args], { cwd: folder, encoding: "utf8" });
}

/** Runs npm run review in the folder. */
function review(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(project, "run.cjs"), path.join(project, "scripts/review.ts"), ...args],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: path.join(folder, "tmp"), SERVING_CONFIG: "", CDKTF_OUTDIR: "", ...env },
    },
  );
  return { status, stdout, stderr };
}

function commit(): void {
  git("init", "--quiet");
  git(
    "add",
    "serving.yaml",
    ...["run.cjs", "main.ts", "package-lock.json"].filter((name) => existsSync(path.join(folder, name))),
  );
  git("commit", "--quiet", "--message", "before");
}

const changed = VALID_YAML.replace("v0.28.0", "v0.29.0");

test("a revision with other libraries is its file, by the code of now", () => {
  commit();
  write("serving.yaml", changed);
  const { status, stdout } = review(["--against", "HEAD", "--json", "--fail-on", "roll"]);
  const report = JSON.parse(stdout);
  expect(status).toBe(1);
  expect(report.verdict.line).toBe("keeps serving; rolls 3 of 3 instances in about 42m");
  expect(report.notes).toEqual([
    "Changes of code since HEAD are not shown: it has other libraries. Its serving.yaml is synthesized by this code.",
  ]);
  expect(report.consequences[0].causes).toEqual([
    { field: "models.llama.image", file: "serving.yaml", line: 19, steps: [] },
  ]);
  expect(git("status", "--porcelain").split("\n")).toContain(" M serving.yaml");
  expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
});

test("a revision with the same libraries is synthesized by its own code", () => {
  write("package-lock.json", "{}");
  write("main.ts", "");
  const stack = { resource: { aws_lb: { old: { name: "of its own code" } } } };
  write(
    "run.cjs",
    `const fs = require("fs"), dir = process.env.CDKTF_OUTDIR + "/stacks/us-east-1";
     fs.mkdirSync(dir, { recursive: true }); fs.writeFileSync(dir + "/cdk.tf.json", ${JSON.stringify(JSON.stringify(stack))});`,
  );
  commit();
  const { status, stdout } = review(["--against", "HEAD", "--json"]);
  const report = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(report.notes).toEqual([]);
  expect(report.consequences.flatMap(({ addresses }: { addresses: string[] }) => addresses)).toContain(
    "aws_lb.old",
  );
});

test("a revision without the file has all of it new, and an unknown revision is a sentence", () => {
  write("other.yaml", VALID_YAML);
  commit();
  const all = review(["--against", "HEAD"], { SERVING_CONFIG: "other.yaml" });
  expect(all.stdout).toMatch(/^chat: keeps serving\n/);
  expect(all.stdout).toContain("HEAD has no other.yaml, so everything is new.");
  const none = review(["--against", "nosuch"]);
  expect(none).toEqual({
    status: 2,
    stdout: "",
    stderr: "--against nosuch: git knows no such revision here\n",
  });
});

test.each<[readonly string[], RegExp]>([
  [["--agianst", "HEAD"], /^Unknown option '--agianst'[\s\S]*npm run review -- --against <revision>/],
  [["."], /^\. is a folder: name the plans in it, \*\.json\n$/],
  [["--against", ""], /^--against \(nothing\): git knows no such revision here\n$/],
])("what cannot be reviewed is a sentence, and exit code 2: %j", (args, says) => {
  const { status, stdout, stderr } = review(args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(says);
});

test("a file that is refused says why, and fails", () => {
  commit();
  write("serving.yaml", VALID_YAML.replace("image:", "imagge:"));
  const { status, stderr } = review(["--against", "HEAD"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/unknown field "imagge"[\s\S]*will be refused/);
});

describe("--plan", () => {
  /** A terraform that has plans at hand, and refuses one of them where asked to. */
  const terraform = () => {
    const plan = path.join(project, "__tests__/review/plans/image.json");
    write(
      "terraform",
      `#!/bin/sh
case "$1 $(basename "$PWD")" in
  "plan $REFUSED") printf '╷\\n│ Error: not now\\n│    1: {"data":{}}\\n╵\\n' >&2; exit 1 ;;
  "show us-east-1") cat '${plan}' ;;
  "show state") echo '{"format_version":"1.2","resource_changes":[]}' ;;
esac
`,
    );
    chmodSync(path.join(folder, "terraform"), 0o755);
    return { PATH: `${folder}${path.delimiter}${process.env.PATH}` };
  };

  test("plans each stack, with progress, and reviews all", () => {
    const { status, stdout, stderr } = review(["--plan"], { ...terraform(), REFUSED: "" });
    expect(stderr.trim().split("\n")).toEqual([
      ...["init", "plan", "show"].map((verb) => `state: terraform ${verb}`),
      ...["init", "plan", "show"].map((verb) => `us-east-1: terraform ${verb}`),
    ]);
    expect(stdout).toMatch(/^chat: keeps serving; rolls 3 of 9 instances/);
    expect(status).toBe(0);
  });

  test.each([
    [
      "init",
      'Error: S3 bucket "b" does not exist.',
      "us-east-1: the bucket of the states is not there: npm run bootstrap makes it, once\n",
    ],
    ["init", "Error: no network", "us-east-1: terraform init: Error: no network\n"],
  ])("a failing %s that says %s is a sentence", (verb, says, sentence) => {
    const { PATH } = terraform();
    write(
      "terraform",
      `#!/bin/sh\ncase "$1 $(basename "$PWD")" in\n"${verb} us-east-1") echo '${says}' >&2; exit 1 ;;\n"show state") echo '{"format_version":"1.2"}' ;;\nesac\n`,
    );
    const { status, stdout, stderr } = review(["--plan"], { PATH });
    expect(stdout).toBe("");
    expect(stderr.endsWith(sentence)).toBe(true);
    expect(status).toBe(2);
  });

  test("a stack that reads what is not there yet is not planned, and not refused", () => {
    write("serving.yaml", GLOBAL_ENDPOINT_YAML);
    const { PATH } = terraform();
    write(
      "terraform",
      `#!/bin/sh\ncase "$1 $(basename "$PWD")" in\n"plan global") echo 'Error: Unable to find remote state' >&2; exit 1 ;;\n"show "*) echo '{"format_version":"1.2"}' ;;\nesac\n`,
    );
    const { status, stdout } = review(["--plan"], { PATH });
    expect(stdout).toContain("global is not planned: it reads what ");
    expect(stdout).not.toContain("refused");
    expect(status).toBe(0);
  });

  test("what Terraform refuses will be refused", () => {
    const { status, stdout } = review(["--plan"], { ...terraform(), REFUSED: "us-east-1" });
    expect(stdout).toMatch(/will be refused: us-east-1[\s\S]*terraform plan: Error: not now/);
    expect(stdout).not.toContain('"data"');
    expect(status).toBe(1);
  });
});
