import { KINDS } from "../../../config/routes/kinds";

const kinds = Object.values(KINDS);

describe("kinds of conditions", () => {
  test("are called by names of their own, without spaces", () => {
    expect(new Set(kinds.map(({ label }) => label)).size).toBe(kinds.length);
    expect(kinds.filter(({ label }) => /\s/.test(label))).toEqual([]);
  });

  test("stand instead of others that look at the same", () => {
    for (const { insteadOf, requestPart } of kinds) {
      expect(insteadOf === undefined ? requestPart : KINDS[insteadOf].requestPart).toBe(requestPart);
    }
  });
});
