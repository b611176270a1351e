import fc from "fast-check";
import { simplestGlob, wildcardCount } from "../../../config/routes/glob";
import { commonExample } from "../../../config/routes/glob-example";
import { globsInclude } from "../../../config/routes/glob-inclusion";
import { globOver } from "./arbitraries";
import { globMatches, globPattern, textsOver } from "./requests";

const TEXTS = textsOver("abc", 7);
const glob = globOver("ab", 4);
const languageOf = (pattern: string) => {
  const matching = globPattern(pattern);
  return TEXTS.filter((text) => matching.test(text));
};
const languageOfAny = (patterns: readonly string[]) => new Set(patterns.flatMap(languageOf));

describe("a glob", () => {
  test("has as many wildcards as it has * and ?", () => {
    expect(wildcardCount("/v1/*/a??*")).toBe(4);
  });

  test.each([
    ["/v1/**", "/v1/*"],
    ["*?*?x", "??*x"],
    ["?*", "?*"],
    ["/v1", "/v1"],
  ])("%s is simplest as %s", (given, simplest) => {
    expect(simplestGlob(given)).toBe(simplest);
  });

  test("matches the same texts in its simplest form, and so do globs with the same one only", () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        const same = JSON.stringify(languageOf(a)) === JSON.stringify(languageOf(b));
        expect(simplestGlob(a) === simplestGlob(b)).toBe(same);
      }),
      { examples: [["*?*", "?*"]] },
    );
  });
});

describe("inclusion of globs", () => {
  test.each([
    ["/v1/*", "/v1/llama/*"],
    ["/v1/*", "/v1/"],
    ["*", "/anything?"],
    ["?*", "?"],
    ["*a*", "*a?"],
    ["/*/chat", "/v1/x/chat"],
  ])("%s includes %s", (general, special) => {
    expect(globsInclude([general], special)).toBe(true);
  });

  test.each([
    ["/v1/*", "/v1"],
    ["/v1/*", "/v?/llama"],
    ["?", "*"],
    ["*a", "*a*"],
    ["/V1/*", "/v1/*"],
    ["", "*"],
  ])("%s does not include %s", (general, special) => {
    expect(globsInclude([general], special)).toBe(false);
  });

  test("holds for several globs together that none of them includes alone", () => {
    expect(globsInclude(["", "?", "??*"], "*")).toBe(true);
    expect(globsInclude(["", "??*"], "*")).toBe(false);
  });

  test("looks only at texts with the first letter asked for", () => {
    expect(globsInclude(["/*"], "*")).toBe(false);
    expect(globsInclude(["/*"], "*", "/")).toBe(true);
    expect(globsInclude(["/*.png"], "*.png", "/")).toBe(true);
    expect(globsInclude(["/*/v1"], "*/v1", "/")).toBe(false);
    expect(globsInclude(["/*/v1", "/v1"], "*/v1", "/")).toBe(true);
  });

  test("is what looking at every short text says", () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 3 }), glob, (generals, special) => {
        const general = languageOfAny(generals);
        const covered = languageOf(special).every((text) => general.has(text));
        expect(globsInclude(generals, special)).toBe(covered);
      }),
      { numRuns: 500 },
    );
  });

  test("is what looking at every short text with that first letter says", () => {
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 3 }), glob, (generals, special) => {
        const general = languageOfAny(generals);
        const covered = languageOf(special)
          .filter((text) => text.startsWith("a"))
          .every((text) => general.has(text));
        expect(globsInclude(generals, special, "a")).toBe(covered);
      }),
      { numRuns: 500 },
    );
  });

  test("answers no, and soon, where the question is too long to decide", () => {
    const late = "?".repeat(60);
    expect(globsInclude([`*a${late}*`], `*a*${late}`)).toBe(false);
    expect(globsInclude([`*a${late}*`], `*a${late}*`)).toBe(true);
  });
});

describe("an example of two globs", () => {
  test.each([
    ["/v1/llama*", "/v1/*-x", "/v1/llama-x"],
    ["/v1/*", "/*/chat", "/v1/chat"],
    ["a?", "?b", "ab"],
    ["*", "", ""],
    ["??", "*", "xx"],
  ])("of %s and %s is %s", (a, b, example) => {
    expect(commonExample(a, b)).toBe(example);
  });

  test("begins with the letter asked for", () => {
    expect(commonExample("*", "*a", "/")).toBe("/a");
    expect(commonExample("*", "a*", "/")).toBeUndefined();
  });

  test("matches both, and is missing only when no text does", () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        const example = commonExample(a, b);
        const common = languageOf(a).filter((text) => globMatches(b, text));
        expect(example === undefined ? common : [globMatches(a, example), globMatches(b, example)]).toEqual(
          example === undefined ? [] : [true, true],
        );
      }),
      { numRuns: 500 },
    );
  });

  test("is as short as any", () => {
    fc.assert(
      fc.property(glob, glob, (a, b) => {
        const shortest = languageOf(a).find((text) => globMatches(b, text));
        fc.pre(shortest !== undefined);
        expect(commonExample(a, b)?.length).toBe(shortest?.length);
      }),
    );
  });
});
