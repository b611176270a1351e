import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { wrongWithEmulatorAt } from "./emulator-probe";
import { compareVersions, fetchProvider, findMirror, type ProviderMirror, platform } from "./provider-mirror";

/** What the suite runs with. */
export interface Tools {
  readonly terraform: string;
  /** The emulator to start; undefined when one runs already, at {@link Tools.endpoint}. */
  readonly motoServer?: string;
  /** Address of the developer's own emulator, from the environment variable `E2E_ENDPOINT`. */
  readonly endpoint?: string;
  readonly mirror: ProviderMirror;
  /** The same with fewer schemas, from which Terraform then takes the provider. */
  readonly mirrorInBrief?: ProviderMirror;
}

/** The lock in S3 without DynamoDB is no experiment from this version on. */
const OLDEST_TERRAFORM = "1.11";

/** Reasons why the suite cannot run, each with its remedy. */
export interface Obstacles {
  /** What is not on this machine. */
  readonly missing: readonly string[];
  /** Wrong settings in the environment. */
  readonly wrong: readonly string[];
}

/** Finds all that the suite needs, and prints what it downloads. */
export async function findTools(runFolder: string): Promise<Tools | Obstacles> {
  const { E2E_ENDPOINT: endpoint, E2E_PROVIDER_MIRROR: named } = process.env;
  const found = findMirror();
  const wrong = [
    endpoint === undefined ? undefined : await wrongWithEmulatorAt(endpoint),
    named === undefined || found !== undefined
      ? undefined
      : `E2E_PROVIDER_MIRROR is "${named}", where no registry.terraform.io/hashicorp/aws/<version>/${platform} is: correct it, or unset it to have the provider looked for`,
  ].filter((each) => each !== undefined);
  const terraform = onPath("terraform");
  const motoServer = endpoint === undefined ? onPath("moto_server") : undefined;
  const missing: string[] = [];
  if (terraform === undefined || !isNewEnough(terraform)) {
    missing.push(
      `terraform ${OLDEST_TERRAFORM} or later is not on PATH: install it as developer.hashicorp.com/terraform/install says`,
    );
  }
  if (endpoint === undefined && motoServer === undefined) {
    missing.push(
      "moto_server is not on PATH: pip install 'moto[server]', or set the address of an emulator: E2E_ENDPOINT=http://localhost:5000",
    );
  }
  if (terraform === undefined || missing.length > 0 || wrong.length > 0) {
    return { missing, wrong };
  }
  if (found === undefined) {
    process.stdout.write(
      `has terraform init get the provider hashicorp/aws ${wantedVersion()}, which is not on this machine\n`,
    );
  }
  const mirror = found ?? fetchProvider(terraform, wantedVersion(), runFolder);
  return mirror === undefined
    ? {
        wrong,
        missing: [
          `the provider hashicorp/aws ${wantedVersion()} is not on this machine, and terraform init cannot get it: say which folder has it, laid out as Terraform's plugin cache: E2E_PROVIDER_MIRROR=/path`,
        ],
      }
    : { terraform, motoServer, endpoint, mirror };
}

function onPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.join(folder, command)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isNewEnough(terraform: string): boolean {
  const answer = execFileSync(terraform, ["version", "-json"], {
    encoding: "utf8",
    env: { ...process.env, TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: "1" },
  });
  const version: { terraform_version: string } = JSON.parse(answer);
  return compareVersions(version.terraform_version, OLDEST_TERRAFORM) >= 0;
}

/** The version that the bindings were made from, and that the stacks require. */
function wantedVersion(): string {
  return require("@cdktf/provider-aws/package.json").cdktf.provider.version;
}
