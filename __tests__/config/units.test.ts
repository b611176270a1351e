import fc from "fast-check";
import {
  formatDuration,
  formatInstant,
  formatSize,
  parseCount,
  parseDuration,
  parseInstant,
  parseSize,
} from "../../config/units";

describe("durations", () => {
  test.each([
    ["90s", 90],
    ["5m", 300],
    ["2h", 7200],
    ["1d", 86_400],
    ["1m30s", 90],
    ["1d2h3m4s", 93_784],
    ["0s", 0],
  ])("%s is %d seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test.each([
    "",
    "5",
    "s",
    "5 m",
    "-5m",
    "5M",
    "1.5h",
    "30s1m",
    "1m1m",
    "5m ",
    "five",
    "1e3s",
    "٣s",
    "9007199254740993s",
    "99999999999999999999d",
  ])("%p is no duration", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    [0, "0s"],
    [90, "90s"],
    [300, "5m"],
    [3600, "1h"],
    [5400, "90m"],
    [86_400, "1d"],
    [129_600, "36h"],
  ])("%d seconds are written %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test("what is written reads back the same", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
  });

  test("no single-unit way to write whole seconds is shorter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const ways = [
          [1, "s"],
          [60, "m"],
          [3600, "h"],
          [86_400, "d"],
        ] as const;
        const exact = ways
          .filter(([unit]) => seconds % unit === 0)
          .map(([unit, name]) => seconds / unit + name);
        expect(formatDuration(seconds).length).toBe(Math.min(...exact.map((text) => text.length)));
      }),
    );
  });

  test("what is no whole number of seconds is shown, not hidden", () => {
    expect(formatDuration(0.5)).toBe("0.5s");
    expect(formatDuration(Number.NaN)).toBe("NaNs");
  });
});

describe("sizes", () => {
  test.each([
    ["16GiB", 16],
    ["512MiB", 0.5],
    ["500MiB", 0.48828125],
    ["1TiB", 1024],
    ["1.5TiB", 1536],
  ])("%s is %d GiB", (text, gib) => {
    expect(parseSize(text)).toBe(gib);
  });

  test.each([
    "",
    "16",
    "16GB",
    "16gib",
    "16 GiB",
    "-1GiB",
    ".5GiB",
    "1.GiB",
    "16Gi",
    `${"9".repeat(400)}TiB`,
  ])("%p is no size", (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  test("a size past the largest number is no size", () => {
    expect(parseSize(`${"9".repeat(400)}TiB`)).toBeUndefined();
  });

  test.each([
    [0, "0GiB"],
    [16, "16GiB"],
    [0.5, "512MiB"],
    [1024, "1TiB"],
    [1536, "1536GiB"],
  ])("%d GiB are written %s", (gib, text) => {
    expect(formatSize(gib)).toBe(text);
  });

  test("whole MiB read back the same", () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), (mib) => {
        expect(parseSize(formatSize(mib / 1024))).toBe(mib / 1024);
      }),
    );
  });
});

describe("counts", () => {
  test.each([
    ["8B", 8e9],
    ["70b", 70e9],
    ["1.5B", 1.5e9],
    ["1.1B", 1.1e9],
    ["560M", 560e6],
    ["20K", 20_000],
    ["1T", 1e12],
    ["8030261248", 8_030_261_248],
    [8e9, 8e9],
  ])("%p is %d", (written, count) => {
    expect(parseCount(written)).toBe(count);
  });

  test.each([
    "",
    "B",
    "8 B",
    "8GB",
    "-8B",
    "0B",
    "1.5",
    "0.1K5",
    "1e9B",
    "99999999T",
    0,
    -1,
    1.5,
    Number.NaN,
  ])("%p is no count", (written) => {
    expect(parseCount(written)).toBeUndefined();
  });

  test("tenths of billions are whole numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (tenths) => {
        expect(parseCount(`${Math.floor(tenths / 10)}.${tenths % 10}B`)).toBe(tenths * 100_000_000);
      }),
    );
  });
});

describe("an instant", () => {
  test.each([
    ["2027-03-12T11:30:00Z", "2027-03-12T11:30:00Z"],
    ["2027-03-12T11:30Z", "2027-03-12T11:30:00Z"],
    ["2027-03-12T00:30:07+01:00", "2027-03-11T23:30:07Z"],
    ["2028-02-29T23:00:00-05:30", "2028-03-01T04:30:00Z"],
  ])("%s is %s", (text, utc) => {
    expect(formatInstant(parseInstant(text) ?? 0)).toBe(utc);
  });

  test.each([
    ...["2027-02-29T11:30:00Z", "2027-03-12T24:00:00Z", "2027-13-01T00:00:00Z", "2027-03-12T11:30:60Z"],
    ...["2027-03-12", "2027-03-12 11:30:00", "2027-03-12T11:30:00", "2027-03-12T11:30:00+25:00", "soon"],
  ])("%s is none", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
