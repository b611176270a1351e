import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scriptOf } from "./instance";
import { present } from "./tools";

const root = join(__dirname, "..", "..");
const onInstances = readdirSync(dirname(scriptOf("x")))
  .filter((name) => name.endsWith(".sh"))
  .map((name) => `boot/${name}`);
const sampleValues = ["docker.sh", "systemctl.sh"].map((name) => `__tests__/boot/scenarios/programs/${name}`);
const scripts = [...onInstances, ...sampleValues, ".ci/run"];

const textOf = (script: string) => readFileSync(join(root, script), "utf8");
const run = (program: string, ...args: readonly string[]) =>
  spawnSync(program, args, { cwd: root, encoding: "utf8" });

it.each(scripts)("%s stops at its first error", (script) => {
  expect(textOf(script)).toMatch(/^#!\/usr\/bin\/env bash\n(#.*\n)+set -euo pipefail\n/);
});

it.each(scripts)("%s is bash", (script) => {
  expect(run("bash", "-n", script)).toMatchObject({ status: 0, stderr: "" });
});

it.each(["docker", "dlami-nvme", "nvidia-persistenced", "nvidia-fabricmanager"])(
  "the model server starts after %s, on a boot as on the first one",
  (service) => {
    const [, after = ""] = /^After=(.*)$/m.exec(textOf("boot/model-server.service")) ?? [];
    expect(after.split(" ")).toContain(`${service}.service`);
  },
);

it.each(onInstances)("%s does one thing, in less than 100 lines", (script) => {
  expect(textOf(script).split("\n").length - 1).toBeLessThan(100);
});

(present("shellcheck") ? it : it.skip).each(scripts)(
  "%s passes shellcheck (skipped where that is missing)",
  (script) => {
    expect(run("shellcheck", script)).toMatchObject({ status: 0, stdout: "" });
  },
);

(present("shfmt") ? it : it.skip).each(scripts)(
  "%s is laid out as shfmt does (skipped where that is missing)",
  (script) => {
    expect(run("shfmt", "-d", "-i", "2", "-ci", script)).toMatchObject({ status: 0, stdout: "" });
  },
);
