import fc from "fast-check";
import { commonTime, readCron, timeZoneProblem } from "../../aws/cron";

const timesOf = (text: string) => {
  const read = readCron(text);
  if ("problem" in read) {
    throw new Error(`${text} ${read.problem}`);
  }
  return read;
};
const problemOf = (text: string) => {
  const read = readCron(text);
  return "problem" in read ? read.problem : undefined;
};

describe("a cron expression", () => {
  test.each([
    ["0 20 * * MON-FRI", "0 20 * * 1-5"],
    ["  */15  8-18/2 1,15 jan,JUL *  ", "*/15 8-18/2 1,15 1,7 *"],
    ["05 07 * * SUN", "5 7 * * 0"],
  ])("%s is told to AWS as %s, with numbers only", (text, told) => {
    expect(timesOf(text).text).toBe(told);
    expect(timesOf(told).text).toBe(told);
  });

  test.each([
    ["0 20 * *", "five fields"],
    ["0 20 * * ? *", "five fields"],
    ["cron(0 20 * * ? *)", "five fields"],
    ["@daily", "five fields"],
    ["61 25 * * *", 'the minute "61", which is none of 0–59'],
    ["0 24 * * *", 'the hour "24", which is none of 0–23'],
    ["0 0 0 * *", 'the day of month "0", which is none of 1–31'],
    ["0 0 * MON *", 'the month "MON", which is none of 1–12 or JAN–DEC'],
    ["0 0 * * 7", 'the day of week "7", which is none of 0–6 or SUN–SAT; Sunday is 0'],
    ["0 0 ? * MON", 'the day of month "?"'],
    ["0 0 L * *", 'the day of month "L"'],
    ["0 1-2-3 * * *", 'the hour "1-2-3"'],
    ["0 -1 * * *", 'the hour "-1"'],
    ["0, 1 * * *", 'the minute ""'],
    ["0 0 * * FRI-MON", "ends before it begins; write two ranges"],
    ["*/0 * * * *", "a step is 1 or more"],
    ["5/10 * * * *", "follows * or a range"],
    ["0 0 30 2 *", "never comes"],
    ["0 0 31 4,6,9,11 *", "never comes"],
  ])("%s is refused: %s", (text, reason) => {
    expect(problemOf(text)).toContain(reason);
  });

  test("comes on the 29th of February, and where a day of the month or of the week is enough", () => {
    const leap = timesOf("0 0 29 2 *").times;
    expect(leap.onDay(new Date("2028-02-29"))).toBe(true);
    const either = timesOf("0 0 13 * FRI").times;
    expect(
      ["2027-08-12", "2027-08-13", "2027-08-20", "2027-09-13"].map((day) => either.onDay(new Date(day))),
    ).toEqual([...[false, true, true, true]]);
  });

  test("of numbers in their ranges is always read as it is", () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min, max }).map(String),
        fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map((ends) => {
          const [from, to] = ends.sort((a, b) => a - b);
          return `${from}-${to}`;
        }),
      );
    const fields = fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6));
    fc.assert(
      fc.property(fields, (each) => {
        expect(timesOf(each.join(" ")).text).toBe(each.join(" "));
      }),
      { numRuns: 50 },
    );
  });
});

describe("two of them", () => {
  const met = (one: string, other: string) => commonTime(timesOf(one).times, timesOf(other).times);

  test.each([
    ["0 7 * * MON-FRI", "0 7 1 * *", "2024-01-01 07:00"],
    ["*/30 * * * *", "30 6 29 2 *", "2024-02-29 06:30"],
    ["0 0 29 2 *", "0 0 * 2 0", "2032-02-29 00:00"],
  ])("%s and %s meet", (one, other, time) => {
    expect(met(one, other)).toBe(time);
    expect(met(other, one)).toBe(time);
  });

  test.each([
    ["0 7 * * MON-FRI", "0 7 * * SAT,SUN"],
    ["0 7 * * *", "1 7 * * *"],
    ["0 7 1 * *", "0 7 2-31 * *"],
    ["0 7 * 1-6 *", "0 7 * 7-12 *"],
  ])("%s and %s do not", (one, other) => {
    expect(met(one, other)).toBeUndefined();
  });
});

describe("a time zone", () => {
  test.each([
    "UTC",
    "Etc/UTC",
    "Etc/GMT+9",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "Asia/Kolkata",
  ])("%s is taken", (name) => {
    expect(timeZoneProblem(name)).toBeUndefined();
  });

  test.each([
    ["Mars/Base", "is no time zone of IANA"],
    ["", "is no time zone of IANA"],
    ["+01:00", "is no time zone of IANA"],
    ["US/Pacific", "is no canonical name of a time zone; write America/Los_Angeles"],
    ["europe/berlin", "write Europe/Berlin"],
    ["Japan", "write Asia/Tokyo"],
    ["utc", "write UTC"],
  ])("%s is refused: %s", (name, reason) => {
    expect(timeZoneProblem(name)).toContain(reason);
  });
});
