import { readFileSync, type Stats, statSync } from "node:fs";
import type { ErrorCode, Place } from "../diagnostics/diagnostic";

/** Size limit of the file, in bytes. A hundred models of twenty lines each have a fifth of it. */
export const LARGEST_FILE = 256 * 1024;

/** Why a file cannot be read, with the place if there is one. */
interface Refused {
  readonly code: ErrorCode;
  readonly refusal: string;
  readonly place?: Place;
}

/** The text of a file, without byte order mark; or why it cannot be read. */
export type FileText = { readonly text: string } | Refused;

/** Reads a file of UTF-8 text of at most 256 KiB. Never throws. */
export function readText(file: string): FileText {
  try {
    const refusal = refusalOf(statSync(file));
    return refusal ?? decode(readFileSync(file));
  } catch (thrown) {
    return unreadable(thrown);
  }
}

function refusalOf(stats: Stats): Refused | undefined {
  if (stats.isDirectory()) {
    return { code: "not-a-file", refusal: "is a directory; give the name of a file" };
  }
  if (!stats.isFile()) {
    return { code: "not-a-file", refusal: "is not a regular file; give the name of one" };
  }
  if (stats.size > LARGEST_FILE) {
    const kib = Math.ceil(stats.size / 1024);
    return {
      code: "file-too-large",
      refusal: `has ${kib} KiB; at most ${LARGEST_FILE / 1024} KiB are read, so check that it is the file you mean`,
    };
  }
  return undefined;
}

function unreadable(thrown: unknown): Refused {
  const code =
    typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : String(thrown);
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return {
        code: "file-not-found",
        refusal: "no such file; write one, or name another in SERVING_CONFIG",
      };
    case "EACCES":
    case "EPERM":
      return {
        code: "file-unreadable",
        refusal: `may not be read (${code}); let the user who runs this read it`,
      };
    default:
      return {
        code: "file-unreadable",
        refusal: `cannot be read (${code}); check the file's name and the disk it is on`,
      };
  }
}

function decode(bytes: Buffer): FileText {
  const otherEncoding = encodingByItsMark(bytes);
  if (otherEncoding !== undefined) {
    return { code: "not-utf8", refusal: `is ${otherEncoding} text; save it as UTF-8` };
  }
  if (bytes.includes(0)) {
    return {
      code: "not-utf8",
      refusal: "holds a NUL byte, so it is a binary file or UTF-16 text; save it as text in UTF-8",
    };
  }
  const text = bytes.toString("utf8");
  const invalid = firstDifference(bytes, Buffer.from(text, "utf8"));
  if (invalid === undefined) {
    return { text: text.replace(/^\uFEFF/, "") };
  }
  const byte = (bytes[invalid] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return {
    code: "not-utf8",
    refusal: `byte 0x${byte} is not UTF-8; save the file as UTF-8`,
    place: placeOf(bytes, invalid),
  };
}

function encodingByItsMark(bytes: Buffer): string | undefined {
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) {
    return "UTF-32";
  }
  return startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff]) ? "UTF-16" : undefined;
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function firstDifference(a: Buffer, b: Buffer): number | undefined {
  const index = a.findIndex((byte, position) => byte !== b[position]);
  return index === -1 ? undefined : index;
}

function placeOf(bytes: Buffer, offset: number): Place {
  const lines = bytes
    .subarray(0, offset)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}
