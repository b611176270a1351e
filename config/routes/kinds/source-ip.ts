import {
  cidrsInclude,
  commonAddress,
  EVERY_ADDRESS,
  formatBlock,
  parseBlock,
  simplestCidr,
} from "../../../aws/cidr";
import { type ConditionKind, LEAST_DEPTH } from "./kind";
import { listOf } from "./lists";

export const sourceIp: ConditionKind<readonly string[]> = {
  ...listOf(cidrDiagnostic),
  simplest: simplestCidr,
  includes: cidrsInclude,
  isUniversal: (values) => EVERY_ADDRESS.every((block) => cidrsInclude(values, block)),
  // Not even a single address is exact: two blocks of one address each equal one block of two addresses.
  isExact: () => false,
  isRegex: false,
  depth: () => LEAST_DEPTH,
  wildcards: () => 0,
  example: commonAddress,
  shown: (value) => value,
  label: "sourceIp",
  requestPart: "caller",
  readableWithoutName: false,
  insteadOf: undefined,
  url: "nothing",
  toRule: (values) => [{ field: "source-ip", values }],
};

function cidrDiagnostic(cidr: string): string | undefined {
  const block = parseBlock(cidr);
  if (block === undefined) {
    const alone = parseBlock(`${cidr}/32`) ?? parseBlock(`${cidr}/128`);
    const bits = parseBlock(`${cidr}/128`) === undefined ? 32 : 128;
    return alone === undefined
      ? `"${cidr}" is no block of addresses; write it like 10.0.0.0/8 or 2001:db8::/32`
      : `"${cidr}" has no prefix length; did you mean ${cidr}/${bits}?`;
  }
  if (formatBlock(block) === "255.255.255.255/32") {
    return `"${cidr}" is refused by AWS; no caller has this address`;
  }
  const free = BigInt(block.bits - block.length);
  const whole = parseBlock(`${cidr.split("/")[0]}/${block.bits}`);
  return whole !== undefined && (whole.network >> free) << free !== whole.network
    ? `"${cidr}" has host bits set; did you mean ${formatBlock(block)}?`
    : undefined;
}
