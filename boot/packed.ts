import { gunzipSync, gzipSync } from "node:zlib";

/** Scripts by name, each without its comments, compressed with gzip and encoded with base64. */
export interface PackedScripts {
  readonly [name: string]: string;
}

/**
 * Scripts as user data carries them, for EC2 takes 16 KB of it in all. What is packed already is kept to the byte while
 * it says the same, whichever zlib packed it: other bytes would replace every box.
 *
 * @param scripts the text of each script, by name
 * @param before what was packed earlier
 */
export function packScripts(
  scripts: { readonly [name: string]: string },
  before: PackedScripts,
): PackedScripts {
  const names = Object.keys(scripts).sort();
  return Object.fromEntries(
    names.map((name) => {
      const text = withoutComments(scripts[name] ?? "");
      const kept = before[name];
      return [name, kept !== undefined && unpackScript(kept) === text ? kept : pack(text)];
    }),
  );
}

/**
 * A script as it was packed.
 *
 * @throws Error when `text`, the script itself, has changed since
 */
export function packedScript(packed: PackedScripts, name: string, text: string): string {
  const script = packed[name];
  if (script === undefined || unpackScript(script) !== withoutComments(text)) {
    throw new Error(
      `boot/${name} is not what boot/packed.json holds; run node --require tsx/cjs scripts/pack-boot.ts`,
    );
  }
  return script;
}

/** The text of a packed script. */
export function unpackScript(packed: string): string {
  return gunzipSync(Buffer.from(packed, "base64")).toString();
}

/** A script or unit as a box needs it: comments and empty lines are read here, in the repository. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^[ \t]*(#(?!!).*)?\n/gm, "");
}

function pack(text: string): string {
  return gzipSync(text, { level: 9 }).toString("base64");
}
