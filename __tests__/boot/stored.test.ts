import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { storedMember } from "../../boot/stored";

describe("a stored gzip member", () => {
  it("contains the text as it is", () => {
    expect(storedMember("INSTANCE_A='b'\n").toString("latin1")).toContain("INSTANCE_A='b'\n");
  });

  it("is the same bytes everywhere", () => {
    expect(storedMember("a").toString("hex")).toBe("1f8b08000000000000ff010100feff6143beb7e801000000");
  });

  it.each([0, 1, 0xffff, 0x10000, 0x1ffff])("of %d bytes is read by gunzip", (length) => {
    const text = "x".repeat(length);
    expect(gunzipSync(storedMember(text)).toString()).toBe(text);
  });

  it("takes 23 bytes beside the text, in any alphabet", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(storedMember(text)).toHaveLength(Buffer.byteLength(text) + 23);
      }),
    );
  });

  it("may follow another member, and is read with it as one text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (first, second) => {
        const both = Buffer.concat([gzipSync(first), storedMember(second)]);
        expect(gunzipSync(both).toString()).toBe(first + second);
      }),
    );
  });
});
