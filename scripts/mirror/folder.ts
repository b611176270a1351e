import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { manifestEntries } from "./manifest";
import { isPlainPath, type Source, type SourceFile } from "./source";

/**
 * A model in a folder of this machine. Its `SHA256SUMS` says which files it has and what they should be, if there is one.
 * Files and folders whose names begin with a dot are what tools keep for themselves, such as `.git` and `.cache`.
 *
 * @throws Error when there is no such folder, a file of its `SHA256SUMS` is not there, or a file has a name that cannot be
 *   checked
 */
export async function openFolder(folder: string): Promise<Source> {
  const entries = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" || error.code === "ENOTDIR"
      ? new Error(`there is no folder ${folder}`)
      : error;
  });
  const paths = entries.map((path) => path.split(sep).join("/")).filter((path) => !/(^|\/)\./.test(path));
  const sums = paths.includes("SHA256SUMS") ? await readFile(join(folder, "SHA256SUMS"), "utf8") : "";
  const known = manifestEntries(sums);
  const missing = [...known.keys()].find((path) => !paths.includes(path));
  if (missing !== undefined) {
    throw new Error(`${folder} lacks ${missing}, which its SHA256SUMS names`);
  }
  const files: SourceFile[] = [];
  const others: string[] = [];
  for (const path of paths.filter((each) => each !== "SHA256SUMS").sort()) {
    const status = await stat(join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? new Error(`${join(folder, path)} is a link to nothing`) : error;
    });
    if (!status.isFile()) {
      continue;
    }
    if (!isPlainPath(path)) {
      throw new Error(`${folder} has a file with the name ${JSON.stringify(path)}, which cannot be checked`);
    }
    if (sums !== "" && !known.has(path)) {
      others.push(path);
      continue;
    }
    files.push({ path, size: status.size, known: { sha256: known.get(path) } });
  }
  const name =
    others.length === 0
      ? folder
      : `${folder} without ${others.join(", ")}, which its SHA256SUMS does not name`;
  return { name, files, read: (file, start, end) => readRange(join(folder, file.path), start, end) };
}

async function readRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const file: FileHandle = await open(path);
  try {
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read);
      if (bytesRead === 0) {
        throw new Error(`${path} has become shorter while it was copied`);
      }
      read += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
