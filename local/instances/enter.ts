import { constants } from "node:os";
import { join } from "node:path";
import { findImage } from "./image";
import { inNamespaces } from "./namespaces";
import { missingNeeds } from "./needs";
import { giveSockets } from "./outside";

const repository = join(__dirname, "..", "..");

/** Signals that end a run; a terminal sends the first to all processes that it has. */
const ENDING = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** Whether this process has namespaces of its own for instances. */
export function isInside(): boolean {
  return process.env.INSTANCE_IMAGE !== undefined && process.send !== undefined;
}

/**
 * Runs `npm run local` with its arguments in namespaces, and ends as it does.
 *
 * @throws Error with what is missing here, one line each
 */
export async function runInside(args: readonly string[]): Promise<void> {
  const missing = missingNeeds();
  if (missing.length > 0) {
    throw new Error(["--instances needs, and does not find here:", ...missing].join("\n  "));
  }
  const image = findImage();
  if ("failure" in image) {
    throw new Error(`the machine image cannot be built: ${image.failure}`);
  }
  const program = [process.execPath, join(repository, "run.cjs"), join(repository, "scripts", "local.ts")];
  const inside = inNamespaces(image, [...program, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  giveSockets(inside);
  for (const signal of ENDING) {
    process.on(signal, () => inside.connected && inside.send({ end: signal }));
  }
  inside.once("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
  });
}
