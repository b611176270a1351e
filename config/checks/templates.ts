import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import type { Check } from "./check";

/** The start of a template of Terraform, in any text of a configuration. */
const TEMPLATE = /[$%]\{/;

/** Text that Terraform would take for its own language, and replace, or fail on. */
export const checkTemplates: Check = ({ file }) => templatesIn(file, []);

function templatesIn(value: unknown, path: Path): readonly Diagnostic[] {
  if (typeof value === "string") {
    return templateDiagnostic(value, path, "value");
  }
  if (typeof value !== "object" || value === null || isEncoded(path)) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => templatesIn(item, [...path, index]));
  }
  if (holdsReasons(path)) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) => [
    ...templateDiagnostic(key, [...path, key], "key"),
    ...templatesIn(inner, [...path, key]),
  ]);
}

/** Reasons for accepted warnings stay in the file; a model or variant may be called `accept`. */
function holdsReasons(path: Path): boolean {
  const owner = path.at(-2);
  return path.at(-1) === "accept" && owner !== "models" && owner !== "variants";
}

/** What reaches the instances encoded is not checked, such as the command and variables of a model or a variant. */
function isEncoded(path: Path): boolean {
  const [owners, , field] = path.slice(-3);
  return (owners === "models" || owners === "variants") && ENCODED.has(field);
}

const ENCODED: ReadonlySet<unknown> = new Set([
  "arguments",
  "command",
  "env",
  "files",
  "mounts",
  "probe",
  "run",
]);

function templateDiagnostic(text: string, path: Path, at: "key" | "value"): readonly Diagnostic[] {
  const found = TEMPLATE.exec(text)?.[0];
  return found === undefined
    ? []
    : [
        error(
          "terraform-template",
          path,
          `holds "${found}", which Terraform would read as its own language; leave it out`,
          at,
        ),
      ];
}
