import path from "node:path";
import { error, type Path } from "../diagnostics/diagnostic";
import { parseSource, type Source, type UnreadableSource } from "./parse";
import { readText } from "./read-file";

/** A mapping of a file. */
type Mapping = Readonly<Record<string, unknown>>;

/**
 * A file over the one that it names as its `base`, which may have a base too. Mappings are merged, at every level; any
 * other value, a list too, is in place of the base's. A value has its place in the file that it is written in.
 */
export function overBase(own: Source, above: readonly string[] = []): Source | UnreadableSource {
  const name = isMapping(own.value) ? own.value.base : undefined;
  if (typeof name !== "string" || name === "") {
    return own; // None, or one that the schema refuses.
  }
  const file = path.isAbsolute(name) ? name : path.join(path.dirname(own.file), name);
  const files = [...above, own.file];
  const refused = (code: Parameters<typeof error>[0], message: string): UnreadableSource => ({
    file: own.file,
    beside: [file],
    diagnostics: [error(code, ["base"], message)],
    locate: own.locate,
  });
  if (files.some((each) => path.resolve(each) === path.resolve(file))) {
    return refused(
      "base-in-circle",
      `${file} is the file itself, or has it as its base; name another, or none`,
    );
  }
  const read = readText(file);
  if (!("text" in read)) {
    return read.code === "file-not-found"
      ? refused(read.code, `there is no file ${file}; the path is relative to ${own.file}`)
      : refused(read.code, `${file} ${read.refusal}`);
  }
  const parsed = parseSource(file, read.text);
  const base = "diagnostics" in parsed ? parsed : overBase(parsed, files);
  const beside = [file, ...(base.beside ?? [])];
  if ("diagnostics" in base) {
    const diagnostics = base.diagnostics.map((each) => ({
      ...each,
      place: { file: base.file, ...(each.place ?? base.locate(each.path, each.at)) },
    }));
    return { file: own.file, beside, diagnostics, locate: own.locate };
  }
  const isOwn = (at: Path) => depth(own.value, at) >= depth(base.value, at);
  return {
    file: own.file,
    beside,
    value: merged(base.value, own.value),
    locate(at, of) {
      return isOwn(at) ? own.locate(at, of) : { file: base.file, ...base.locate(at, of) };
    },
    textAt: (at) => (isOwn(at) ? own : base).textAt?.(at),
  };
}

function merged(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) {
    return above;
  }
  const both = Object.entries(above).map(([key, value]) => [
    key,
    key in below ? merged(below[key], value) : value,
  ]);
  return { ...below, ...Object.fromEntries(both) };
}

/** How many steps of a path lead to something. */
function depth(value: unknown, [step, ...rest]: Path): number {
  return step !== undefined && typeof value === "object" && value !== null && Object.hasOwn(value, step)
    ? 1 + depth((value as Record<string | number, unknown>)[step], rest)
    : 0;
}

/** Whether a value of a file is a mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
