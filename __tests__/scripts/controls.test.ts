// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const lifecycle = { prevent_destroy: true };
const folder = mkdtempSync(path.join(tmpdir(), "controls-"));
writeFileSync(
  path.join(folder, "keys.tf.json"),
  JSON.stringify({
    resource: {
      aws_kms_key: { good: { enable_key_rotation: true, policy: "${var.policy}", lifecycle } },
    },
  }),
);
writeFileSync(path.join(folder, "other.json"), '{"Resources": {}}');
const bad = path.join(folder, "bad.tf.json");

function controls(...args: readonly string[]) {
  const { SERVING_CONFIG, CDKTF_OUTDIR, ...env } = process.env;
  return spawnSync(process.execPath, ["run.cjs", "scripts/controls.ts", ...args], { env, encoding: "utf8" });
}

test("hand-written Terraform that keeps its controls ends with 0, and what is not known is said", () => {
  const { status, stdout, stderr } = controls(folder);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("could not be judged  CKV_AWS_33, KMS.5");
  expect(stdout).toContain("aws_kms_key.good: ${var.policy}");
  expect(stdout).toMatch(
    /\d+ controls: 2 could not be judged, 3 passed, \d+ without such a resource here\.\n$/,
  );
});

test("a control that fails ends with 1, in every form", () => {
  writeFileSync(bad, JSON.stringify({ resource: { aws_kms_key: { bad: { policy: "{}", lifecycle } } } }));
  const json = controls(bad, "--json");
  const failed = JSON.parse(json.stdout).controls.filter(
    ({ state }: { state: string }) => state === "failed",
  );
  expect(failed).toMatchObject([
    { ids: expect.arrayContaining(["CKV_AWS_7"]), failed: [{ address: "aws_kms_key.bad" }] },
  ]);
  const sarif = controls(bad, "--sarif");
  expect(JSON.parse(sarif.stdout).runs[0].results).toHaveLength(1);
  const markdown = controls(bad, "--markdown");
  expect(markdown.stdout).toContain("FAILED; bad aws_kms_key.bad");
  expect([json, sarif, markdown].map(({ status }) => status)).toEqual([1, 1, 1]);
});

test.each([
  ["a file of another program", [path.join(folder, "other.json")], "has nothing to judge"],
  ["a folder that is not there", [path.join(folder, "nowhere")], "does not exist"],
  ["two forms", [folder, "--json", "--sarif"], "Only one of --sarif and --json at a time."],
])("%s ends with 2 and one line", (_what, args, why) => {
  const { status, stdout, stderr } = controls(...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(why);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});
