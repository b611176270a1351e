import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse, stringify } from "yaml";

/** Where `cloud-config.yaml` wants the facts of the instance: the end, so that all before is the same for every instance. */
const FACTS = "instance.sh";

/** cloud-init reads YAML 1.1. */
const YAML = { version: "1.1", lineWidth: 0 } as const;

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

/**
 * The cloud-config up to where the facts of the instance follow as a YAML string: with the files of this folder in it,
 * without their comments.
 *
 * @param read gives the text of a file of this folder
 * @throws Error when the facts do not come last
 */
export function textOfAnyInstance(read: (name: string) => string): string {
  const { write_files: files, ...rest }: CloudConfig = parse(read("cloud-config.yaml"));
  const filled = files.map((file) =>
    file.content === FACTS ? file : { ...file, content: withoutComments(read(file.content)) },
  );
  const text = stringify({ ...rest, write_files: filled }, YAML);
  const end = `content: ${FACTS}\n`;
  if (!text.endsWith(end)) {
    throw new Error(`boot/cloud-config.yaml has to end with "${end.trim()}"`);
  }
  return `#cloud-config\n${text.slice(0, -`${FACTS}\n`.length)}`;
}

/**
 * What every instance is given, compressed. What zlib makes of the same text depends on its version and on the processor,
 * and other bytes would replace every instance of every fleet. So it is packed once, in the repository, and kept to the
 * byte while it says the same.
 *
 * @param text what {@link textOfAnyInstance} makes
 * @param before what was packed earlier
 */
export function packed(text: string, before: Buffer | undefined): Buffer {
  return before !== undefined && saysTheSame(text, before) ? before : gzipSync(text, { level: 9 });
}

let kept: Buffer | undefined;

/**
 * What every instance is given, as `packed.gz` holds it; read once.
 *
 * @throws Error when a file of this folder has changed since it was packed
 */
export function packedForAnyInstance(): Buffer {
  kept ??= currentOnly(
    readFileSync(beside("packed.gz")),
    textOfAnyInstance((name) => readFileSync(beside(name), "utf8")),
  );
  return kept;
}

/** @throws Error when `text` is not what was packed */
export function currentOnly(before: Buffer, text: string): Buffer {
  if (!saysTheSame(text, before)) {
    throw new Error("boot/packed.gz is not what the other files of boot/ say; run npm run pack");
  }
  return before;
}

/** A script or unit as an instance needs it: comments and empty lines are read here, in the repository. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(#(?!!).*)?\n/gm, "");
}

/** Whether instances would be given the same, however the YAML is laid out. */
function saysTheSame(text: string, before: Buffer): boolean {
  const packedText = gunzipSync(before).toString();
  return packedText === text || isDeepStrictEqual(parse(packedText, YAML), parse(text, YAML));
}

function beside(name: string): string {
  return join(__dirname, name);
}
