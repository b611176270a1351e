import { formatPath } from "../../config/diagnostics/diagnostic";
import { type Loaded, load } from "../../config/load";
import { parseSource } from "../../config/source/parse";

export type Good = Extract<Loaded, { readonly ok: true }>;

/** Has what is wrong with the changed file said before hours of copying. @throws Error with the first new finding */
export function requireGood(file: string, text: string, before: Good): void {
  const read = parseSource(file, text);
  const after = "diagnostics" in read ? { ok: false as const, ...read } : load(read);
  const known = new Set(before.warnings.map(({ code, path }) => `${code} ${formatPath(path)}`));
  const found = after.ok ? after.warnings : after.diagnostics;
  const first = found.find(({ code, path }) => !known.has(`${code} ${formatPath(path)}`));
  if (first !== undefined) {
    throw new Error(
      `nothing is copied: with this in ${file}, ${formatPath(first.path)}: ${first.message}  [${first.code}]`,
    );
  }
}
