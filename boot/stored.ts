import { gzipSync } from "node:zlib";

/** Maximum bytes of one stored block: its length has 16 bits (RFC 1951, 3.2.4). */
const LONGEST_BLOCK = 0xffff;

/** Deflate, no flags, no time, no extra flags, unknown system (RFC 1952, 2.3.1). */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** Bytes of CRC-32 and length at the end of a gzip member. */
const TRAILER = 8;

/**
 * A text as a gzip member without compression: the same bytes on every machine, whatever its version of zlib. Several
 * members in a row are read as one text (RFC 1952, 2.2).
 */
export function storedMember(text: string): Buffer {
  const bytes = Buffer.from(text);
  const blocks: Buffer[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += LONGEST_BLOCK) {
    const data = bytes.subarray(from, from + LONGEST_BLOCK);
    blocks.push(blockHeader(data.length, from + LONGEST_BLOCK >= bytes.length), data);
  }
  return Buffer.concat([HEADER, ...blocks, gzipSync(bytes).subarray(-TRAILER)]);
}

/** Whether it is the last block, and its length twice, the second time with every bit inverted (RFC 1951, 3.2.4). */
function blockHeader(length: number, last: boolean): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(last ? 1 : 0);
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(~length & 0xffff, 3);
  return header;
}
