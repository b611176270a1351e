import { Fn, Lazy, Token } from "cdktf";
import fc from "fast-check";
import { TARGET_GROUP_NAME } from "../../aws/limits";
import { prefixOf } from "../../constructs/name-prefix";
import { requireText, requireWithin } from "../../constructs/require-within";

describe("a number", () => {
  it("is whole and within both ends", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -3, max: 8 }), fc.double({ min: -3, max: 8 })), (value) => {
        const attempt = () => requireWithin("slot", value, { min: 0, max: 5 });
        if (Number.isInteger(value) && value >= 0 && value <= 5) {
          expect(attempt).not.toThrow();
        } else {
          expect(attempt).toThrow(new RangeError(`slot must be a whole number from 0 to 5; got ${value}`));
        }
      }),
    );
  });

  it("may have no upper end", () => {
    expect(() => requireWithin("size", Number.MAX_SAFE_INTEGER, { min: 1 })).not.toThrow();
    expect(() => requireWithin("size", 0, { min: 1 })).toThrow("size must be a whole number from 1; got 0");
    expect(() => requireWithin("size", Number.NaN, { min: 1 })).toThrow("got NaN");
  });

  it("may be left out, or be a token", () => {
    expect(() => requireWithin("slot", undefined, { min: 1, max: 5 })).not.toThrow();
    expect(() => requireWithin("slot", Token.asNumber(Fn.max([9])), { min: 1, max: 5 })).not.toThrow();
  });
});

describe("a text", () => {
  it("has as many characters as AWS takes, and no others", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9._-]{0,34}$/), (name) => {
        const valid =
          name.length >= 1 &&
          name.length <= 32 &&
          /^[a-zA-Z0-9-]+$/.test(name) &&
          !name.startsWith("-") &&
          !name.endsWith("-");
        const attempt = () => requireText("name", name, TARGET_GROUP_NAME);
        if (valid) {
          expect(attempt).not.toThrow();
        } else {
          expect(attempt).toThrow("name must have 1 to 32 letters, digits and inner hyphens; ");
        }
      }),
    );
  });

  it("is named in the message, with its length or its value", () => {
    expect(() => requireText("name", "a".repeat(35), TARGET_GROUP_NAME)).toThrow("; it has 35");
    expect(() => requireText("name", "a_b", TARGET_GROUP_NAME)).toThrow('; got "a_b"');
    expect(() => requireText("replace", "abc", { minLength: 0, maxLength: 2 })).toThrow(
      "replace must have at most 2 characters; it has 3",
    );
  });

  it("is accepted unchecked when it is a token", () => {
    const later = Lazy.stringValue({ produce: () => "-" });
    expect(() => requireText("name", later, TARGET_GROUP_NAME)).not.toThrow();
  });
});

it("leaves room for what is put behind a prefix", () => {
  expect(prefixOf(TARGET_GROUP_NAME).maxLength).toBe(6);
  expect(prefixOf(TARGET_GROUP_NAME, 1)).toEqual({ ...TARGET_GROUP_NAME, maxLength: 5 });
});
