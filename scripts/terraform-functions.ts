import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

/** Where the functions of Terraform's language are kept. */
export const FUNCTIONS_FILE = "testing/terraform/functions.json";

/** What `terraform metadata functions -json` says of one function. */
interface Signature {
  readonly parameters?: readonly { readonly type: unknown }[];
  readonly variadic_parameter?: { readonly type: unknown };
}

/**
 * Writes the functions of the installed Terraform with the types of their arguments.
 *
 * @returns whether Terraform is installed
 */
export function writeFunctions(): boolean {
  const terraform = (...args: readonly string[]) =>
    JSON.parse(execFileSync("terraform", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  try {
    const { terraform_version: version } = terraform("version", "-json");
    const signatures: Readonly<Record<string, Signature>> = terraform(
      "metadata",
      "functions",
      "-json",
    ).function_signatures;
    const lines = Object.entries(signatures)
      .filter(([name]) => !name.includes("::"))
      .map(([name, { parameters = [], variadic_parameter: more }]) => {
        const takes = parameters.map(({ type }) => type);
        return `${JSON.stringify(name)}: ${JSON.stringify({ takes, more: more?.type })}`;
      });
    writeFileSync(
      FUNCTIONS_FILE,
      `{\n"terraform": ${JSON.stringify(version)},\n"functions": {\n${lines.join(",\n")}\n}\n}\n`,
    );
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return false;
    }
    throw error;
  }
}
