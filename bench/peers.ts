import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Subject } from "./subjects";

/** What the peers need beside packages of the project. */
const INSTALLED = ["ts-node@10.9.2", "tsx@4.23.15", "aws-cdk-lib@2.276.0"];
/** Packages of the project. */
const SHARED = ["cdktf", "@cdktf", "constructs", "typescript", "@types", ".bin/cdktf"];

/**
 * Other ways to declare as many resources as the example. cdktf's are set up like its template.
 *
 * @param root of the project
 */
export function peerSubjects(root: string, folder: string): readonly Subject[] {
  const example = path.join(root, "__tests__/golden/serving");
  const resources = readdirSync(example)
    .filter((name) => name.endsWith(".tf.json"))
    .flatMap((name) =>
      Object.values<object>(JSON.parse(readFileSync(path.join(example, name), "utf8")).resource),
    )
    .reduce((sum, ofOneType) => sum + Object.keys(ofOneType).length, 0);
  const peer = (name: string, program: string): Subject => ({
    name,
    once: true,
    folder,
    line: () => `env RESOURCES=${resources} npx ${program}`,
  });
  const synth = 'cdktf synth --output "$CDKTF_OUTDIR"';
  return [
    { name: "npx cdktf synth", once: true, line: () => `npx ${synth}` },
    peer("peer: flat cdktf app by ts-node", "ts-node cdktf.ts"),
    peer("peer: flat cdktf app by npx cdktf synth", synth),
    peer("peer: aws-cdk app by ts-node", "ts-node aws-cdk.ts"),
    peer("peer: aws-cdk app by tsx", "tsx aws-cdk.ts"),
  ];
}

/**
 * Writes and installs what the peers need.
 *
 * @param folder that is made
 * @throws Error when a package cannot be installed
 */
export function installPeers(root: string, folder: string): void {
  mkdirSync(folder);
  for (const name of ["cdktf.ts", "aws-cdk.ts"]) {
    copyFileSync(path.join(root, "bench/peers", name), path.join(folder, name));
  }
  const template = path.join(root, "node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json");
  copyFileSync(template, path.join(folder, "tsconfig.json"));
  writeFileSync(
    path.join(folder, "cdktf.json"),
    JSON.stringify({ language: "typescript", app: "npx ts-node cdktf.ts", projectId: "bench" }),
  );
  const args = ["install", "--legacy-peer-deps", "--no-audit", "--no-fund", ...INSTALLED];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  for (const name of SHARED) {
    symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
  }
}
