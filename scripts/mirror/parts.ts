/** A part of a file: bytes from `start` to before `end`. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

const MIB = 2 ** 20;

/** The most parts of an upload. Source: Amazon S3 user guide, Multipart upload limits. */
export const MOST_PARTS = 10_000;

/** Files up to this size are put as they are, and the parts of the others have it, in bytes. S3 takes parts of 5 MiB and more. */
export const PART_BYTES = 16 * MIB;

/** The parts of a file. They have one size, but for the last: what a run has begun, the next one goes on with. */
export function partsOf(size: number, least = PART_BYTES): readonly Part[] {
  const bytes = Math.max(least, Math.ceil(size / MOST_PARTS / MIB) * MIB);
  return Array.from({ length: Math.ceil(size / bytes) }, (_, index) => ({
    number: index + 1,
    start: index * bytes,
    end: Math.min(size, (index + 1) * bytes),
  }));
}
