import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Running, run, start } from "./processes";
import { repository, type Surroundings } from "./surroundings";
import { type Terraform, terraformIn } from "./terraform";

/** A folder as a team has it: a serving.yaml, a cdktf.json, and what comes of them. Outside of the repository. */
export interface Project {
  readonly folder: string;
  /** Puts down what is wanted from now on. */
  write(servingFile: unknown): void;
  /** `cdktf deploy` of stacks, or of all with `*`, to its end. Returns its output. */
  deploy(...stacks: readonly string[]): Promise<string>;
  /** `npm run deploy:one` of a stack, to its end. Returns its output. */
  deployOne(stack: string): Promise<string>;
  /** `cdktf deploy` while it runs. */
  startDeploy(...stacks: readonly string[]): Running;
  /** `cdktf destroy` of stacks. Returns its output. */
  destroy(...stacks: readonly string[]): Promise<string>;
  /** Writes the Terraform JSON of what is wanted now, without a look at AWS. */
  synthesize(): Promise<void>;
  /**
   * Terraform in a stack's folder, for what the CLI has no command, and where all that is said matters: the CLI
   * drops the end of it when it cannot keep up.
   */
  terraform(stack: string): Terraform;
  /** Folder of a stack, where Terraform runs. */
  stackFolder(stack: string): string;
}

const { scripts } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8"));
const cdktf = path.join(repository, "node_modules", ".bin", "cdktf");
/** What is run in the place of main.ts. */
const app = [process.execPath, path.join(repository, "run.cjs"), path.join(__dirname, "app.ts")];

/** Makes a project in a folder of its own, of that name. */
export function createProject(name: string, around: Surroundings): Project {
  const folder = path.join(around.folder, name);
  mkdirSync(folder, { recursive: true });
  const appCommand = app.map((word) => `'${word}'`).join(" ");
  const settings = { language: "typescript", app: appCommand, projectId: name, sendCrashReports: "false" };
  writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify(settings));
  const options = { cwd: folder, env: around.env, log: path.join(folder, "log.txt") };
  const command = (verb: string, stacks: readonly string[]): [string, string[]] => [
    cdktf,
    // Without the last one the CLI asks the registry for the checksums of other platforms.
    [verb, ...stacks, "--auto-approve", "--no-color", "--skip-provider-lock"],
  ];
  const stackFolder = (stack: string) => path.join(folder, "cdktf.out", "stacks", stack);

  return {
    folder,
    stackFolder,
    terraform: (stack) => terraformIn(stackFolder(stack), around, options.log),
    write: (servingFile) =>
      writeFileSync(path.join(folder, "serving.yaml"), JSON.stringify(servingFile, undefined, 2)),
    deploy: (...stacks) => run(...command("deploy", stacks), options),
    deployOne: (stack) => {
      const [, , ...flags]: string[] = scripts["deploy:one"].split(" ");
      return run(...command("deploy", [...flags, stack]), options);
    },
    startDeploy: (...stacks) => start(...command("deploy", stacks), options),
    destroy: (...stacks) => run(...command("destroy", stacks), options),
    synthesize: async () => {
      const [node = "", ...args] = app;
      await run(node, args, options);
    },
  };
}
