import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findImage, type Image } from "../../local/instances/image";
import { inNamespaces } from "../../local/instances/namespaces";
import { missingNeeds } from "../../local/instances/needs";

const repository = join(__dirname, "..", "..");

/** Runs the stories. `INSTANCE=required` makes it a failure that something is missing. */
async function main(): Promise<void> {
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
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => process.exit(130));
  }
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".test.ts"))) {
    process.exitCode = (await tell(file, image)) || process.exitCode;
  }
}

/** Tells the stories of a file, in namespaces of its own. @returns the exit code */
function tell(file: string, image: Image): Promise<number> {
  const jest = ["node", "node_modules/jest/bin/jest.js", "--config", "jest.instance.config.js"];
  const words = process.argv.slice(2);
  const stories = inNamespaces(image, [...jest, "--testPathPatterns", `/${file}$`, ...words], {
    cwd: repository,
    stdio: "inherit",
    env: { ...process.env, TEST_RUN: String(process.pid) },
  });
  return new Promise((resolve) => stories.once("exit", (code) => resolve(code ?? 1)));
}

main();
