import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { makeCgroups } from "./cgroups";
import { findImage } from "./image";
import { missingNeeds } from "./needs";

const repository = join(__dirname, "..", "..");

/**
 * Runs the stories with a network, mounts and processes of their own: whatever ends this process ends them all, and the
 * kernel then removes what they have made of those. `INSTANCE=required` makes it a failure that something is missing.
 */
function main(): void {
  const missing = [...missingNeeds()];
  const image = missing.length === 0 ? findImage() : undefined;
  if (image !== undefined && "failure" in image) {
    missing.push(`the machine image, whose build has failed: ${image.failure}`);
  }
  if (image === undefined || "failure" in image) {
    const isRequired = process.env.INSTANCE === "required";
    const prefix = isRequired
      ? "INSTANCE=required, but missing here is"
      : "SKIPPED: the stories of instances; missing here is";
    process.stdout.write(`${prefix} ${missing.join("; and ")}\n`);
    process.exitCode = isRequired ? 1 : 0;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "instances-"));
  const cgroups = makeCgroups(basename(folder));
  removeAtTheEnd(folder, cgroups);
  const inNamespaces = spawn(
    "setpriv",
    ["--pdeathsig=KILL", "unshare", ...NAMESPACES, "bash", "-c", STORIES, "bash", ...process.argv.slice(2)],
    {
      cwd: repository,
      stdio: "inherit",
      env: {
        ...process.env,
        TMPDIR: folder,
        INSTANCE_IMAGE: image.folder,
        INSTANCE_CGROUPS: cgroups.join(" "),
        TEST_RUN: String(process.pid),
      },
    },
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(130));
  }
  inNamespaces.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

const NAMESPACES = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** `/run` is of this run, so that no name of a namespace of the network stays behind in the machine's. */
const STORIES =
  'mount -t tmpfs tmpfs /run && ip link set lo up && node node_modules/jest/bin/jest.js --config jest.instance.config.js "$@"; exit';

/** A process of its own waits for the end of this one, and then removes the files and the cgroups, as often as it takes. */
function removeAtTheEnd(folder: string, cgroups: readonly string[]): void {
  const remove = `read -r
    for _ in {1..50}; do
      rm -rf "$1"; find "\${@:2}" -depth -type d -exec rmdir {} +
      [[ -n $(ls -d "$@") ]] || break
      sleep 0.2
    done`;
  const remover = spawn("bash", ["-c", remove, "bash", folder, ...cgroups], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  remover.unref();
  (remover.stdin as unknown as { unref(): void }).unref();
}

main();
