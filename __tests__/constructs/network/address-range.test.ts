import { Fn } from "cdktf";
import { requireAddressRange } from "../../../constructs/network/address-range";

it.each(["0.0.0.0/0", "10.0.0.0/8", "203.0.113.7/32", "::/0", "2001:db8::/32", "2001:DB8::1/128"])(
  "takes %s",
  (range) => {
    expect(() => requireAddressRange("range", range)).not.toThrow();
  },
);

it.each(["", "10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "2001:db8::/129", "fe80::%1/64", "a b/8"])(
  'refuses "%s"',
  (range) => {
    expect(() => requireAddressRange("range", range)).toThrow(
      `range "${range}" is not an address range; write it as 10.0.0.0/16 or 2001:db8::/32`,
    );
  },
);

it.each([
  ["10.0.0.7", "10.0.0.7/32"],
  ["2001:db8::7", "2001:db8::7/128"],
])("takes no single address %s, and writes it as %s", (address, range) => {
  expect(() => requireAddressRange("range", address)).toThrow(
    `range "${address}" is a single address; write it as ${range}`,
  );
});

it.each([
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["2001:db8::1/32", "2001:db8::/32"],
])("refuses %s and names %s", (range, network) => {
  expect(() => requireAddressRange("range", range)).toThrow(`write ${network}`);
});

it("accepts a token", () => {
  expect(() => requireAddressRange("range", Fn.join("/", ["10.0.0.0", "8"]))).not.toThrow();
});
