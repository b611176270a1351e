import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ErrorCode } from "../config/diagnostics/diagnostic";
import { saidOf } from "./aws-cli";
import { goodDeployment, servingFile } from "./good-deployment";
import { hubOf } from "./mirror/hub";
import { mirrorImage } from "./mirror/image/run";
import { mirror } from "./mirror/run";

const USAGE =
  "npm run mirror -- <model> [--to s3://bucket/prefix/] [--from folder] [--revision r] [--include pattern …] [--region r] [--variant v]\nnpm run mirror -- --image <model> [--to repository] [--region r] [--variant v]";

/** What findings recommend these commands for. */
const MENDED: readonly ErrorCode[] = ["hub-unreachable", "image-unreachable", "image-needs-login"];

/** Without a terminal the progress is printed once in so many seconds. */
const EVERY_SECONDS = 30;

// Copies a model from the Hugging Face hub, or from a folder, to S3, or its image to Amazon ECR, and writes into serving.yaml
// where it lies.
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ to: { type: "string" }, from: { type: "string" }, revision: { type: "string" } },
      ...{ include: { type: "string", multiple: true }, image: { type: "boolean" } },
      ...{ region: { type: "string" }, variant: { type: "string" } },
    },
  });
  const { image, ...asked } = values;
  const [model, ...rest] = positionals;
  const ofWeights = [asked.from, asked.revision, asked.include].some((value) => value !== undefined);
  if (model === undefined || rest.length > 0 || (image === true && ofWeights)) {
    throw new Error(USAGE);
  }
  if (asked.from !== undefined && asked.revision !== undefined) {
    throw new Error("--revision is of the hub, and --from names a folder; leave one of them out");
  }
  // Of the SDK's own plans for versions of Node, which nobody who copies a model chooses.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const loaded = goodDeployment(servingFile, MENDED);
  const text = readFileSync(servingFile, "utf8");
  const line = progressLine();
  const file = { file: servingFile, text, loaded };
  const { REGISTRY_USER, REGISTRY_PASSWORD } = process.env;
  const pause = (ms: number) => setTimeout(ms);
  const around = {
    show: (said: string) => {
      line.end();
      console.log(said);
    },
    progress: line.show,
    clock: seconds,
    write: (edited: string) => writeFileSync(servingFile, edited),
  };
  const copied =
    image === true
      ? mirrorImage(
          file,
          { ...asked, model },
          { ...around, pause, user: REGISTRY_USER || undefined, password: REGISTRY_PASSWORD || undefined },
        )
      : mirror(
          file,
          { ...asked, model },
          {
            ...around,
            hub: hubOf(process.env, { pause }),
          },
        );
  await copied.finally(line.end);
}

function seconds(): number {
  return performance.now() / 1000;
}

/** One line of a terminal that is written anew, or else a line now and then. */
function progressLine(): { readonly show: (text: string) => void; readonly end: () => void } {
  let shown = "";
  let last = seconds();
  return {
    show(text) {
      if (process.stdout.isTTY) {
        process.stdout.write(`\r${text.padEnd(shown.length)}`);
        shown = text;
      } else if (seconds() - last >= EVERY_SECONDS) {
        console.log(text);
        last = seconds();
      }
    },
    end() {
      if (shown !== "") {
        process.stdout.write("\n");
        shown = "";
      }
    },
  };
}

main().catch((error) => {
  console.error(saidOf(error));
  process.exitCode = 1;
});
