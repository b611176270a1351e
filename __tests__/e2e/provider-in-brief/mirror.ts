import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ProviderMirror, platform } from "../provider-mirror";

/**
 * Makes a mirror from which Terraform has the schemas of the stacks' types alone, instead of those of 1,500. For each of
 * its commands Terraform starts the provider once to ask for schemas, and then for all else. Only the first time it gets
 * another program.
 *
 * @param parent folder to make it in
 */
export function mirrorInBrief({ folder, awsVersion }: ProviderMirror, parent: string): ProviderMirror {
  const place = path.join("registry.terraform.io", "hashicorp", "aws", awsVersion, platform);
  const [name = ""] = readdirSync(path.join(folder, place)).filter((each) =>
    each.startsWith("terraform-provider-aws"),
  );
  const provider = path.join(folder, place, name);
  const mirror = path.join(parent, "provider-in-brief");
  mkdirSync(path.join(mirror, place), { recursive: true });
  const program = [
    process.execPath,
    path.join(__dirname, "program.js"),
    provider,
    path.join(mirror, "schemas"),
  ];
  const text = `#!/bin/sh
if mkdir ${quoted(path.join(mirror, "asked-by-"))}$PPID 2>/dev/null; then
  exec ${program.map(quoted).join(" ")}
fi
exec ${quoted(provider)}
`;
  writeFileSync(path.join(mirror, place, name), text, { mode: 0o755 });
  return { folder: mirror, awsVersion };
}

const quoted = (word: string) => `'${word}'`;
