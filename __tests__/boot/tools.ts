import { spawnSync } from "node:child_process";
import { preloaded } from "../support/preloaded";

/**
 * Whether this machine has these programs. Tests that need others skip themselves, with a sentence; but where
 * `REQUIRE_TOOLS` is set, as `.ci/run` does when it has found or installed them all, none may: it fails instead.
 */
export function present(...programs: readonly string[]): boolean {
  return (
    process.env.REQUIRE_TOOLS !== undefined ||
    programs.every((program) => spawnSync("which", [program]).status === 0)
  );
}

/** The AWS CLI that first took its endpoint from `AWS_ENDPOINT_URL`: minor version by major. */
const HAS_ENDPOINT_VARIABLE: Readonly<Record<string, number>> = { 1: 29, 2: 13 };

/**
 * Whether scripts can be run with the AWS CLI against an emulator.
 *
 * @throws Error where they have to be and the CLI is too old: it would ask AWS itself
 */
export function canEmulateAws(): boolean {
  const [program, ...args] = preloaded("aws");
  const { stdout } = spawnSync(program, [...args, "--version"], { encoding: "utf8" });
  const [version, major = "", minor = ""] = /^aws-cli\/(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  const isNewEnough = Number(minor) >= (HAS_ENDPOINT_VARIABLE[major] ?? Number.POSITIVE_INFINITY);
  if (process.env.REQUIRE_TOOLS !== undefined && !isNewEnough) {
    throw new Error(`the tests of boot/ need an AWS CLI of 1.29, 2.13 or later, not ${version ?? "none"}`);
  }
  return isNewEnough && present("moto_server");
}
