import fc from "fast-check";
import { matchesEverything } from "../../../config/routes/universal-regex";

const forPaths = [
  ".*",
  "^.*",
  "^.*$",
  ".*?",
  ".+",
  "^.+$",
  "/",
  "^",
  "^/",
  "^\\/",
  "^/.*",
  "^/.*$",
  "^\\/.*$",
];
const withGroups = ["^/(.*)$", "^(/.*)$", "(?:.*)", "^/?.*$", "^/?(.*)"];
const forHosts = [".*", "^.*$", "^.+$", "^(.*)$", "^"];

describe("every path", () => {
  test.each([...forPaths, ...withGroups])("matches %s", (regex) => {
    expect(matchesEverything(regex, "path")).toBe(true);
  });

  test.each([
    "^/a",
    "^/.+",
    "^/$",
    "/$",
    "^$",
    "a.*",
    "^/v1/.*$",
    "^[^a]*$",
    "^\\(/.*",
    "^/.$",
    "\\.*",
    "a|/b",
  ])("is not known to match %s", (regex) => {
    expect(matchesEverything(regex, "path")).toBe(false);
  });
});

describe("every host name", () => {
  test.each(forHosts)("matches %s", (regex) => {
    expect(matchesEverything(regex, "host")).toBe(true);
  });

  test.each(["/.*", "^a.*", ".*\\.example\\.com", "^.*a$"])("is not known to match %s", (regex) => {
    expect(matchesEverything(regex, "host")).toBe(false);
  });
});

test("what counts as matching everything does", () => {
  const piece = fc.constantFrom(
    "^",
    "/",
    "\\/",
    ".*",
    ".+",
    "?",
    "$",
    "(",
    ")",
    "(?:",
    "a",
    "|",
    "\\.",
    "[^/]",
  );
  const regexes = fc
    .array(piece, { minLength: 1, maxLength: 6 })
    .map((pieces) => pieces.join(""))
    .filter(isRegex);
  const path = fc.string({ unit: fc.constantFrom(..."/ab."), maxLength: 5 }).map((rest) => `/${rest}`);
  fc.assert(
    fc.property(regexes, fc.array(path, { minLength: 10, maxLength: 10 }), (regex, paths) => {
      if (matchesEverything(regex, "path")) {
        expect(paths.filter((each) => !new RegExp(regex).test(each))).toEqual([]);
      }
    }),
    { numRuns: 5000 },
  );
});

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
