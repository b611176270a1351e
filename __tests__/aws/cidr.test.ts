import fc from "fast-check";
import { cidrsInclude, commonAddress, formatBlock, parseBlock, simplestCidr } from "../../aws/cidr";

const ADDRESSES = Array.from({ length: 16 }, (_, last) => `192.0.2.${last}`);
const block = fc
  .tuple(fc.nat(15), fc.integer({ min: 28, max: 32 }))
  .map(([last, length]) => simplestCidr(`192.0.2.${last}/${length}`));
const holds = (cidr: string, address: string) => cidrsInclude([cidr], `${address}/32`);

describe("a block of addresses", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:DB8:0:0:1::/32", "2001:db8::/32"],
    ["2001:db8::ff/127", "2001:db8::fe/127"],
  ])("%s is %s", (given, simplest) => {
    expect(simplestCidr(given)).toBe(simplest);
  });

  test.each([
    "10.0.0.0",
    "10.1/16",
    "10.0.0.0/33",
    "::/129",
    "010.0.0.0/8",
    "fe80::%1/64",
    "10.0.0.0/08",
    "x/8",
    "1.2.3.4/8/8",
  ])("%s is none", (text) => {
    expect(parseBlock(text)).toBeUndefined();
  });

  test("is read back as it was written", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(128), (address, length) => {
        const read = parseBlock(`${address}/${length}`);
        expect(read && parseBlock(formatBlock(read))).toEqual(read);
      }),
    );
  });
});

describe("inclusion of blocks", () => {
  test.each([
    [["10.0.0.0/8"], "10.1.0.0/16", true],
    [["10.1.0.0/16"], "10.0.0.0/8", false],
    [["10.0.0.0/9", "10.128.0.0/9"], "10.0.0.0/8", true],
    [["10.0.0.0/9", "10.128.0.0/10"], "10.0.0.0/8", false],
    [["0.0.0.0/0"], "::/0", false],
    [["::/0"], "2001:db8::/32", true],
    [["x"], "x", true],
    [["x"], "10.0.0.0/8", false],
  ])("%p and %s: %p", (generals, special, included) => {
    expect(cidrsInclude(generals, special)).toBe(included);
  });

  test("is what looking at every address says", () => {
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), block, (generals, special) => {
        const covered = ADDRESSES.filter((address) => inside(special, address)).every((address) =>
          generals.some((general) => inside(general, address)),
        );
        expect(cidrsInclude(generals, special)).toBe(covered);
      }),
    );
  });
});

describe("an address of two blocks", () => {
  test("is in both, and missing only when they are apart", () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        const common = commonAddress(a, b);
        const shared = ADDRESSES.filter((address) => inside(a, address) && inside(b, address));
        expect(common === undefined ? shared.length : shared.includes(common)).toBe(
          common === undefined ? 0 : true,
        );
      }),
    );
  });

  test("does not exist between the families", () => {
    expect(commonAddress("0.0.0.0/0", "::/0")).toBeUndefined();
    expect(commonAddress("::/0", "2001:db8::/32")).toBe("2001:db8::");
    expect(holds("192.0.2.0/28", "192.0.2.16")).toBe(false);
  });
});

/** By arithmetic on the last byte. */
function inside(cidr: string, address: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  const lastOf = (text: string) => Number(text.split(".")[3]);
  const size = 2 ** (32 - Number(length));
  return Math.floor(lastOf(address) / size) === Math.floor(lastOf(network) / size);
}
