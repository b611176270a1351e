import { readFileSync } from "node:fs";
import { FLAGS_FILE, type FlagList } from "../../../config/servers/flags";
import { listsText, withVersion } from "../../../scripts/server-flags/lists";

const list: FlagList = {
  source: "args.py",
  date: "2026-01-01",
  versions: ["0.9.0", "0.10.0", "0.12.0"],
  flags: {
    "--always": { kind: "value" },
    "--gone": { kind: "flag", last: "0.10.0", instead: "--new" },
    "--new": { kind: "value", first: "0.12.0" },
    "-n": { of: "--new", first: "0.12.0" },
  },
};
const TODAY = "2026-02-02";

test("the newest version adds flags and closes those that it lacks", () => {
  const read = { "--always": { kind: "values" }, "--latest": { kind: "bool" } } as const;
  const { list: changed, added, gone } = withVersion(list, "0.13.0", read, TODAY);
  expect(changed).toEqual({
    source: "args.py",
    date: TODAY,
    versions: ["0.9.0", "0.10.0", "0.12.0", "0.13.0"],
    flags: {
      "--always": { kind: "values" },
      "--gone": { kind: "flag", last: "0.10.0", instead: "--new" },
      "--latest": { kind: "bool", first: "0.13.0" },
      "--new": { kind: "value", first: "0.12.0", last: "0.12.0" },
      "-n": { of: "--new", first: "0.12.0", last: "0.12.0" },
    },
  });
  expect([added, gone]).toEqual([["--latest"], ["--new", "-n"]]);
});

test("a version between two narrows when flags came and went", () => {
  const read = {
    "--always": { kind: "flag" },
    "--gone": { kind: "flag" },
    "--new": { kind: "value" },
  } as const;
  const { flags, versions } = withVersion(list, "0.11.0", read, TODAY).list;
  expect(versions).toEqual(["0.9.0", "0.10.0", "0.11.0", "0.12.0"]);
  expect(flags).toEqual({
    // The newest version says how many values follow.
    "--always": { kind: "value" },
    "--gone": { kind: "flag", last: "0.11.0", instead: "--new" },
    "--new": { kind: "value", first: "0.11.0" },
    "-n": { of: "--new", first: "0.12.0" },
  });
});

test("a version that is read again replaces what was read", () => {
  const read = { "--always": { kind: "value" }, "--gone": { kind: "flag" } } as const;
  expect(withVersion(list, "0.12.0", read, TODAY).list.flags).toEqual({
    "--always": { kind: "value" },
    "--gone": { kind: "flag", instead: "--new" },
  });
});

test("the file is as the script writes it", () => {
  const text = readFileSync(FLAGS_FILE, "utf8");
  expect(listsText(JSON.parse(text))).toBe(text);
});
