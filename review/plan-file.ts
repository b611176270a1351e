import { isRecord, type Json } from "../testing/terraform/json";
import { Unreadable } from "./deployment";

/** What `terraform show -json` wrote about the plan of a stack. */
export interface PlanFile {
  /** Of the file, for messages. The stack is called by it, without folder and `.json`. */
  readonly file: string;
  readonly text: string;
}

const HOW = "terraform show -json <plan> > <file>";
/** The major version of the format, which Terraform promises to keep readable. Source: Terraform documentation, "JSON Output Format". */
const FORMAT = /^1\.\d+$/;

/**
 * The plan in a file.
 *
 * @throws Unreadable for what is none
 */
export function planIn(file: string, text: string): Json {
  const given = text.replace(/^\uFEFF/, "").trim();
  if (given === "") {
    throw new Unreadable(`${file} is empty: write it by ${HOW}`);
  }
  if (given.startsWith("PK")) {
    throw new Unreadable(`${file} is a plan as Terraform keeps it: write it as JSON by ${HOW}`);
  }
  const plan = parsed(file, given);
  if (!isRecord(plan)) {
    throw new Unreadable(`${file} is no plan of Terraform: write it by ${HOW}`);
  }
  if (plan.resource_changes === undefined && (plan.resource !== undefined || plan.terraform !== undefined)) {
    throw new Unreadable(`${file} is Terraform JSON, and no plan: compare it by --against <revision>`);
  }
  if (plan.resource_changes === undefined && plan.values !== undefined) {
    throw new Unreadable(`${file} is a state, and no plan: write it by ${HOW}`);
  }
  if (typeof plan.format_version !== "string") {
    throw new Unreadable(`${file} is no plan of Terraform: write it by ${HOW}`);
  }
  if (!FORMAT.test(plan.format_version)) {
    throw new Unreadable(
      `${file} has the format ${plan.format_version}, and 1.x is read here: write it with Terraform 1.x`,
    );
  }
  const changes = plan.resource_changes ?? [];
  if (!Array.isArray(changes) || !changes.every(isChange)) {
    throw new Unreadable(`${file} has resource_changes that no Terraform writes: write it by ${HOW}`);
  }
  return plan;
}

function parsed(file: string, text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    if (/^\{"@level"/.test(text)) {
      throw new Unreadable(`${file} is the log of terraform plan -json: write the plan by ${HOW}`);
    }
    throw new Unreadable(
      text.startsWith("{")
        ? `${file} is broken off, or no JSON: write it anew by ${HOW}`
        : `${file} is no JSON: write it by ${HOW}`,
    );
  }
}

function isChange(value: Json): boolean {
  return (
    isRecord(value) &&
    typeof value.address === "string" &&
    typeof value.type === "string" &&
    isRecord(value.change) &&
    Array.isArray((value.change as Json).actions)
  );
}
