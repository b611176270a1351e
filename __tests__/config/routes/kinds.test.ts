import { KINDS } from "../../../config/routes/kinds";

const kinds = Object.values(KINDS);

describe("kinds of conditions", () => {
  test("are called by names of their own, without spaces", () => {
    expect(new Set(kinds.map(({ called }) => called)).size).toBe(kinds.length);
    expect(kinds.filter(({ called }) => /\s/.test(called))).toEqual([]);
  });

  test("stand instead of others that look at the same", () => {
    for (const { insteadOf, looksAt } of kinds) {
      expect(insteadOf === undefined ? looksAt : KINDS[insteadOf].looksAt).toBe(looksAt);
    }
  });
});
