import { createHash } from "node:crypto";

/** A file to copy. */
export interface SourceFile {
  /** Within the model, with slashes: `text_encoder/model.safetensors`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What its source says of it. At most one is known: the hub has SHA-256 of large files, and Git's hash of the others. */
  readonly known: { readonly sha256?: string; readonly gitBlob?: string };
}

/** Where a model is copied from. */
export interface Source {
  /** For people: `Qwen/Qwen3-8B at 9c925d64…`, or a folder. */
  readonly name: string;
  /** Commit of the hub; undefined for a folder. */
  readonly revision?: string;
  /** All its files, sorted by their paths. */
  readonly files: readonly SourceFile[];
  /**
   * The bytes of a file from `start` to before `end`.
   *
   * @throws Error when they cannot be read, or are not those of the commit
   */
  read(file: SourceFile, start: number, end: number): Promise<Uint8Array>;
}

/** Hashes of a file, made of its bytes in their order. */
export interface Hashes {
  update(bytes: Uint8Array): void;
  /**
   * SHA-256 in hex.
   *
   * @throws Error when the bytes are not those that the source says the file has
   */
  verified(): string;
}

/** Hashes a file of a source. */
export function hashesOf({ path, size, known }: SourceFile): Hashes {
  const sha256 = createHash("sha256");
  // Git hashes a header with the size before the bytes.
  const gitBlob = known.gitBlob === undefined ? undefined : createHash("sha1").update(`blob ${size}\0`);
  return {
    update(bytes) {
      sha256.update(bytes);
      gitBlob?.update(bytes);
    },
    verified() {
      const hex = sha256.digest("hex");
      const [wanted, got] = gitBlob ? [known.gitBlob, gitBlob.digest("hex")] : [known.sha256 ?? hex, hex];
      if (wanted !== got) {
        throw new Error(`${path} has arrived with the hash ${got}, and its source says ${wanted}; try again`);
      }
      return hex;
    },
  };
}

/** A path that sha256sum and the instances read as it is; it may come from a stranger's repository. */
export function isPlainPath(path: string): boolean {
  return (
    /^[^/\\\p{Cc}][^\\\p{Cc}]*$/u.test(path) &&
    path.split("/").every((step) => step !== "" && step !== "." && step !== "..")
  );
}
