import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Calls the AWS CLI with JSON output: `aws("autoscaling", "describe-…", …)`. It throws with AWS's own words. */
export type Aws = (...args: readonly string[]) => Promise<unknown>;

/** The AWS CLI, with the credentials, the profile and the endpoint of the environment. */
export const aws: Aws = async (...args) => {
  const { stdout } = await promisify(execFile)("aws", [...args, "--output", "json"], {
    maxBuffer: 1 << 28,
    env: { ...process.env, AWS_PAGER: "" },
  });
  return stdout.trim() === "" ? {} : JSON.parse(stdout);
};

/** What to print of an error of a script that calls the AWS CLI. */
export function saidOf(error: {
  readonly code?: unknown;
  readonly syscall?: string;
  readonly stderr?: string;
  readonly message: string;
}): string {
  return error.code === "ENOENT" && error.syscall === "spawn aws"
    ? "the AWS CLI is not installed"
    : (error.stderr || error.message).trim();
}
