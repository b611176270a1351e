import ipaddr from "ipaddr.js";

/** A block of addresses: the first `length` bits of `network` are fixed, the rest are free. */
export interface AddressBlock {
  readonly bits: 32 | 128;
  readonly network: bigint;
  readonly length: number;
}

/** All IPv4 and all IPv6 addresses. */
export const EVERY_ADDRESS: readonly string[] = ["0.0.0.0/0", "::/0"];

/**
 * Reads `10.0.0.0/8` or `2001:db8::/32`, and clears the bits after the prefix. `undefined` for anything else, also for
 * the short and octal forms of IPv4 addresses and for IPv6 zones, which AWS does not accept.
 */
export function parseBlock(cidr: string): AddressBlock | undefined {
  const [address = "", prefix = "", ...more] = cidr.split("/");
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix) || !isAddress || address.includes("%")) {
    return undefined;
  }
  const bytes = ipaddr.parse(address).toByteArray();
  const bits = bytes.length === 4 ? 32 : 128;
  const length = Number(prefix);
  if (length > bits) {
    return undefined;
  }
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const free = BigInt(bits - length);
  return { bits, network: (value >> free) << free, length };
}

/** The canonical spelling of a block: `10.0.0.0/8`, `2001:db8::/32`. */
export function formatBlock({ bits, network, length }: AddressBlock): string {
  const bytes = Array.from({ length: bits / 8 }, (_, index) =>
    Number((network >> BigInt(bits - 8 * (index + 1))) & 255n),
  );
  return `${ipaddr.fromByteArray(bytes).toString()}/${length}`;
}

/** The block in its canonical spelling. A text that is no block stays as it is. */
export function simplestCidr(cidr: string): string {
  const block = parseBlock(cidr);
  return block === undefined ? cidr : formatBlock(block);
}

/** Whether every address of `special` is in one of `generals`. The answer is exact: two halves of a block together include the block. */
export function cidrsInclude(generals: readonly string[], special: string): boolean {
  const block = parseBlock(special);
  if (block === undefined) {
    return generals.includes(special);
  }
  const blocks = generals.map(parseBlock).filter((general) => general !== undefined);
  return blocksInclude(blocks, block);
}

/** An address in both blocks, or `undefined` when they have none in common. */
export function commonAddress(a: string, b: string): string | undefined {
  const [inner, outer] = (parseBlock(a)?.length ?? 0) >= (parseBlock(b)?.length ?? 0) ? [a, b] : [b, a];
  return parseBlock(inner) !== undefined && cidrsInclude([outer], inner) ? inner.split("/")[0] : undefined;
}

function blocksInclude(generals: readonly AddressBlock[], special: AddressBlock): boolean {
  if (generals.some((general) => isWithin(special, general))) {
    return true;
  }
  const smaller = generals.filter((general) => isWithin(general, special));
  return smaller.length > 0 && halvesOf(special).every((half) => blocksInclude(smaller, half));
}

function isWithin(inner: AddressBlock, outer: AddressBlock): boolean {
  const free = BigInt(outer.bits - outer.length);
  return (
    inner.bits === outer.bits &&
    inner.length >= outer.length &&
    inner.network >> free === outer.network >> free
  );
}

function halvesOf({ bits, network, length }: AddressBlock): readonly AddressBlock[] {
  const half = 1n << BigInt(bits - length - 1);
  return [
    { bits, network, length: length + 1 },
    { bits, network: network + half, length: length + 1 },
  ];
}
