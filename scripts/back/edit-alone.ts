import { isDeepStrictEqual } from "node:util";
import { valueAt } from "../../config/schema/walk";
import { isMapping } from "../../config/source/over-base";
import { parseSource } from "../../config/source/parse";
import { type Edit, editYaml } from "./edit-yaml";

/**
 * The text with the edits, which change nothing but the values at their paths.
 *
 * @throws Error when an anchor, an alias or a merge key of the file does not let them
 */
export function editAlone(text: string, file: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => {
    const where = edit.path.join(".");
    const refused = (what: string) =>
      new Error(
        `${file} ${what} by an anchor, an alias or a merge key: write the value out in each place first`,
      );
    const present = plainValueOf(before, file);
    const base = (present as { readonly base?: string } | undefined)?.base;
    if (edit.value === undefined && base !== undefined && valueAt(present, edit.path) === undefined) {
      throw new Error(`${file} does not say ${where}; if its base does, ${base}, take it out there`);
    }
    let edited: string;
    try {
      edited = editYaml(before, [edit]);
    } catch {
      throw refused(`holds ${where}`);
    }
    const wanted = withEdit(present, edit);
    const changed = differences(wanted, plainValueOf(edited, file));
    if (changed.length > 0) {
      const others = changed.filter((path) => path !== where);
      throw refused(others.length > 0 ? `ties ${where} to ${others.join(", ")}` : `holds ${where}`);
    }
    return edited;
  }, text);
}

/** The value of a text as plain JSON; undefined when it cannot be read. */
function plainValueOf(text: string, file: string): unknown {
  const source = parseSource(file, text);
  return "diagnostics" in source ? undefined : JSON.parse(JSON.stringify(source.value));
}

function withEdit(value: unknown, { path: [step, ...rest], value: given }: Edit): unknown {
  if (step === undefined) {
    return given;
  }
  const fields = (value ?? {}) as Record<string, unknown>;
  const { [step]: present, ...others } = fields;
  const now = withEdit(present, { path: rest, value: given });
  return now === undefined ? others : { ...others, [step]: now };
}

/** Paths of the values that differ. */
function differences(a: unknown, b: unknown, path: readonly string[] = []): readonly string[] {
  if (isDeepStrictEqual(a, b)) {
    return [];
  }
  if (!isMapping(a) || !isMapping(b)) {
    return [path.join(".") || "the rest of the file"];
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], [...path, key]),
  );
}
