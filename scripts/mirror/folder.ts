import { type FileHandle, open, readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { manifestEntries } from "./manifest";
import { isPlainPath, type Source, type SourceFile } from "./source";

/**
 * A model in a folder of this machine. Its `SHA256SUMS` says what the files should be, if there is one. Files and folders
 * whose names begin with a dot are what tools keep for themselves, such as `.git` and `.cache`.
 *
 * @throws Error when there is no such folder, or a file has a name that cannot be checked
 */
export async function openFolder(folder: string): Promise<Source> {
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((path) => path.split(sep).join("/")).filter((path) => !/(^|\/)\./.test(path));
  const sums = paths.includes("SHA256SUMS") ? await readFile(join(folder, "SHA256SUMS"), "utf8") : "";
  const known = manifestEntries(sums);
  const files: SourceFile[] = [];
  for (const path of paths.filter((each) => each !== "SHA256SUMS").sort()) {
    const status = await stat(join(folder, path));
    if (!status.isFile()) {
      continue;
    }
    if (!isPlainPath(path)) {
      throw new Error(`${folder} has a file with the name ${JSON.stringify(path)}, which cannot be checked`);
    }
    files.push({ path, size: status.size, known: { sha256: known.get(path) } });
  }
  return { name: folder, files, read: (file, start, end) => readRange(join(folder, file.path), start, end) };
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
