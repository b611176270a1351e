import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import type { Row, Usage } from "./figures";
import { type Revision, withoutCaches } from "./revision";
import { answerToSave, type Command, usageOf } from "./run";

/** Something that is measured. */
export interface Subject {
  readonly name: string;
  /** Whether it is the same in every revision, and measured in the present one alone. Default: false. */
  readonly once?: boolean;
  /** What a shell runs. */
  line(scripts: Revision["scripts"]): string;
  /** In which it runs. Default: that of the revision. */
  readonly folder?: string;
  /** The deployment. Default: the example. */
  readonly file?: string;
  /** The exit code that is expected. Default: 0. */
  readonly code?: number;
  /** Default: runs the program to its end. */
  measure?(command: Command, revision: Revision): Promise<Usage>;
  /** The most that the project allows, by columns of the report. Default: anything. */
  readonly limits?: Row;
}

/** Node and cdktf. */
export const FLOOR = "floor: Node loads cdktf";
/** The example. */
export const SYNTH = "npm run synth";

/**
 * What the project does.
 *
 * @param root of the project as it is
 * @param folder for further files
 */
export function ownSubjects(root: string, folder: string): readonly Subject[] {
  const manyModels = path.join(folder, "many-models.yaml");
  const watched = path.join(folder, "watched.yaml");
  const valid = readFileSync(path.join(root, "serving.yaml"), "utf8");
  writeFileSync(manyModels, withManyModels(readFileSync(path.join(root, "bench/three-models.yaml"), "utf8")));
  return [
    { name: FLOOR, once: true, line: () => `node --eval 'require("cdktf")'` },
    { name: SYNTH, line: ({ synth }) => `${synth}` },
    {
      name: "npm run synth, first in a new clone",
      line: ({ synth }) => `${synth}`,
      measure: (command, revision) => withoutCaches(revision, () => usageOf(command)),
      limits: { "× synth": 2 },
    },
    { name: "npm run explain", line: ({ explain }) => `${explain}` },
    { name: "app of cdktf synth", line: ({ app }) => `${app}` },
    {
      name: "a refused file",
      line: ({ synth }) => `${synth}`,
      file: path.join(root, "docs/refused.yaml"),
      code: 1,
      limits: { "CPU s": 0.4 },
    },
    {
      name: "--watch, from a save to its findings",
      line: ({ synth }) => `${synth} --watch`,
      file: watched,
      measure: (command) =>
        answerToSave(command, watched, { valid, saved: valid.replace("server: vllm", "server: vlm") }),
      limits: { "wall s": 0.3 },
    },
    { name: "90 models × 2 regions", line: ({ synth }) => `${synth}`, file: manyModels },
    ...[1, 50, 100].map((count) => ({
      name: `3 models × ${count} region${count === 1 ? "" : "s"}`,
      line: ({ synth }: Revision["scripts"]) => `${synth?.replace("main.ts", "bench/regions.ts")} ${count}`,
      limits: { MB: 300 },
    })),
  ];
}

/** What a subject uses at a revision. All revisions read the same files. */
export function usageAt(
  revision: Revision,
  { name, line, folder = revision.folder, file, code, measure = usageOf }: Subject,
  root: string,
): Promise<Usage> {
  const environment = {
    SERVING_CONFIG: file ?? path.join(root, "serving.yaml"),
    CDKTF_OUTDIR: path.join(revision.temporary, name),
    BENCH_ROOT: root,
  };
  const { scripts, temporary } = revision;
  return measure({ line: line(scripts), folder, temporary, environment, code }, revision);
}

/** The text of a file with two regions, and 90 models that are like one of another file, by its text. */
function withManyModels(threeModels: string): string {
  const { regions, models, ...others } = parse(threeModels, { merge: true });
  const [model] = Object.values(models).slice(-1);
  return stringify({
    ...others,
    regions: { ...regions, "eu-central-1": { network: { create: { cidr: "10.1.0.0/16" } } } },
    models: Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`model-${index}`, model])),
  });
}
