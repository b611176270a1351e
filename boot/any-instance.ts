import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { parse, stringify } from "yaml";

/** Placeholder in `cloud-config.yaml` for the facts of the instance. All before it is the same for every instance. */
const FACTS = "instance.sh";

/** cloud-init reads YAML 1.1. */
const YAML = { version: "1.1", lineWidth: 0 } as const;

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

/**
 * The cloud-config up to the facts of the instance, which follow as a YAML string. It contains the files of this folder,
 * without their comments.
 *
 * @param read returns the text of a file of this folder
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
 * The text for every instance, compressed. The bytes that a compressor makes of the same text depend on its version, and
 * other bytes would replace every instance of every fleet. So the text is packed once, in the repository, and the bytes
 * are kept while their meaning is the same.
 *
 * @param text from {@link textOfAnyInstance}
 * @param before the bytes that were packed earlier
 * @param anew the text compressed now
 */
export function packed(text: string, before: Buffer | undefined, anew: Buffer): Buffer {
  return before !== undefined && meansTheSame(text, before) ? before : anew;
}

let kept: Buffer | undefined;

/**
 * The content of `packed.gz`, which is the same for every instance; read once.
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
  if (!meansTheSame(text, before)) {
    throw new Error("boot/packed.gz does not match the other files of boot/; run npm run pack");
  }
  return before;
}

/** A script or unit without comments and empty lines, which an instance does not need. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(#(?!!).*)?\n/gm, "");
}

/** Whether the packed text is the same cloud-config, whatever the layout of its YAML. */
function meansTheSame(text: string, before: Buffer): boolean {
  const packedText = gunzipSync(before).toString();
  return packedText === text || isDeepStrictEqual(parse(packedText, YAML), parse(text, YAML));
}

function beside(name: string): string {
  return join(__dirname, name);
}
