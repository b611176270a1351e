import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** A folder of providers as Terraform unpacks them, and the newest AWS provider in it. */
export interface ProviderMirror {
  readonly folder: string;
  readonly awsVersion: string;
}

/**
 * Looks into `E2E_PROVIDER_MIRROR` alone if it is set, to whatever; otherwise where Terraform itself looks for providers, where it
 * caches them, and into the folders below the roots at which people put such things.
 */
export function findMirror(): ProviderMirror | undefined {
  const { E2E_PROVIDER_MIRROR, TF_PLUGIN_CACHE_DIR = "" } = process.env;
  const roots = ["/opt", "/usr/local", "/usr/local/share", "/usr/share", "/var/lib"];
  const folders = [
    TF_PLUGIN_CACHE_DIR,
    path.join(homedir(), ".terraform.d/plugin-cache"),
    path.join(homedir(), ".terraform.d/plugins"),
    path.join(homedir(), ".local/share/terraform/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
    ...roots.flatMap((root) => subfolders(root).map((name) => path.join(root, name))),
  ];
  return newestIn(E2E_PROVIDER_MIRROR === undefined ? folders : [E2E_PROVIDER_MIRROR]);
}

/**
 * Has Terraform get the provider from where the developer's own settings say, usually the registry, into
 * `TF_PLUGIN_CACHE_DIR` or else a folder of the run's.
 *
 * @param version e.g. `6.25.0`
 * @returns undefined when it could not get it
 */
export function fetchProvider(
  terraform: string,
  version: string,
  runFolder: string,
): ProviderMirror | undefined {
  const folder = path.join(runFolder, "provider");
  const cache = process.env.TF_PLUGIN_CACHE_DIR ?? path.join(folder, "cache");
  mkdirSync(folder, { recursive: true });
  mkdirSync(cache, { recursive: true });
  const required_providers = { aws: { source: "hashicorp/aws", version } };
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
  try {
    const env = { ...process.env, TF_PLUGIN_CACHE_DIR: cache, CHECKPOINT_DISABLE: "1" };
    execFileSync(terraform, ["init", "-no-color"], { cwd: folder, env, stdio: "ignore" });
  } catch {
    return undefined;
  }
  return newestIn([cache]);
}

function newestIn(folders: readonly string[]): ProviderMirror | undefined {
  return folders
    .flatMap((folder) => awsVersions(folder).map((awsVersion) => ({ folder, awsVersion })))
    .sort((a, b) => compareVersions(b.awsVersion, a.awsVersion))[0];
}

/** This machine, as Terraform names its kind. */
export const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

/** Versions of hashicorp/aws for this machine: `<host>/hashicorp/aws/<version>/<os>_<arch>`. */
function awsVersions(folder: string): readonly string[] {
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

/** Negative when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
