import { join } from "node:path";
import { findImage } from "../../local/instances/image";
import { inNamespaces } from "../../local/instances/namespaces";
import { missingNeeds } from "../../local/instances/needs";

const repository = join(__dirname, "..", "..");

/** Runs the stories. `INSTANCE=required` makes it a failure that something is missing. */
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
  const jest = ["node", "node_modules/jest/bin/jest.js", "--config", "jest.instance.config.js"];
  const stories = inNamespaces(image, [...jest, ...process.argv.slice(2)], {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, TEST_RUN: String(process.pid) },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(130));
  }
  stories.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

main();
