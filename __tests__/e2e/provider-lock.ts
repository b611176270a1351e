import { writeFileSync } from "node:fs";
import path from "node:path";

/** What Terraform takes for `init`: it may not write the provider's checksum into the lock file. */
export const INIT_OPTIONS = "-lockfile=readonly";

/**
 * Writes the lock file of a folder before its `terraform init`, with the version of the AWS provider and without its
 * checksum. With one, every command would read all 650 MB of the provider again, to compare.
 */
export function lockProvider(folder: string, version: string): void {
  writeFileSync(path.join(folder, LOCK_FILE), lockFileFor(version));
}

/** Its name, which is Terraform's. */
export const LOCK_FILE = ".terraform.lock.hcl";

function lockFileFor(version: string): string {
  return `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "${version}"\n  constraints = "${version}"\n}\n`;
}
