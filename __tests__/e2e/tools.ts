import { execFileSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** A folder of providers as `terraform providers mirror` lays it out, and the newest AWS provider in it. */
export interface ProviderMirror {
  readonly folder: string;
  readonly awsVersion: string;
}

/** What the suite runs with. */
export interface Tools {
  readonly terraform: string;
  /** The emulator to start; undefined when one runs already, at {@link Tools.endpoint}. */
  readonly motoServer?: string;
  /** Where an emulator of the developer's own listens, as the environment variable `E2E_ENDPOINT` says. */
  readonly endpoint?: string;
  /** Undefined when there is none: Terraform then asks the registry. */
  readonly mirror?: ProviderMirror;
}

/** The lock in S3 without DynamoDB is no experiment from this version on. */
const OLDEST_TERRAFORM = [1, 11] as const;

/** @returns the tools, or a sentence for each that is missing */
export function findTools(): Tools | { readonly missing: readonly string[] } {
  const terraform = onPath("terraform");
  const endpoint = process.env.E2E_ENDPOINT;
  const motoServer = endpoint === undefined ? onPath("moto_server") : undefined;
  const missing: string[] = [];
  if (terraform === undefined || !isNewEnough(terraform)) {
    missing.push(
      `terraform ${OLDEST_TERRAFORM.join(".")} or later is not on PATH: install it as developer.hashicorp.com/terraform/install says`,
    );
  }
  if (endpoint === undefined && motoServer === undefined) {
    missing.push(
      "moto_server is not on PATH: pip install 'moto[server]', or say where an emulator listens: E2E_ENDPOINT=http://localhost:5000",
    );
  }
  return terraform === undefined || missing.length > 0
    ? { missing }
    : { terraform, motoServer, endpoint, mirror: findMirror() };
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
  return compareVersions(version.terraform_version, OLDEST_TERRAFORM.join(".")) >= 0;
}

/** Where Terraform itself looks for a mirror, and the folders below the roots at which people put one. */
function findMirror(): ProviderMirror | undefined {
  const { E2E_PROVIDER_MIRROR } = process.env;
  const roots = ["/opt", "/usr/local", "/usr/local/share", "/usr/share", "/var/lib"];
  const folders = [
    path.join(homedir(), ".terraform.d/plugins"),
    path.join(homedir(), ".local/share/terraform/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...roots.flatMap((root) => subfolders(root).map((name) => path.join(root, name))),
  ];
  return (E2E_PROVIDER_MIRROR === undefined ? folders : [E2E_PROVIDER_MIRROR])
    .flatMap((folder) => awsVersions(folder).map((awsVersion) => ({ folder, awsVersion })))
    .sort((a, b) => compareVersions(b.awsVersion, a.awsVersion))[0];
}

/** Versions of hashicorp/aws for this machine: `<host>/hashicorp/aws/<version>/<os>_<arch>`. */
function awsVersions(folder: string): readonly string[] {
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  return subfolders(folder).flatMap((host) => {
    const versions = path.join(folder, host, "hashicorp", "aws");
    return subfolders(versions).filter((version) =>
      subfolders(path.join(versions, version)).includes(platform),
    );
  });
}

function subfolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
