import type { MathType } from "../../../testing/grammars/metric-functions";
import { MathError, readMath } from "../../../testing/grammars/metric-math";

const ids: Readonly<Record<string, MathType>> = { m1: "series", m2: "series", all: "several series" };
const read = (text: string) => readMath(text, (id) => ids[id]);

it.each<[string, MathType]>([
  ["m1", "series"],
  ["1", "number"],
  ["1.5e-3 + .5", "number"],
  ["100 * m1 / IF(m1 > m2, m1, m2)", "series"],
  ["m1/FILL(m2,REPEAT)", "series"],
  ["FILL(m1, 0) + FILL(m2, LINEAR)", "series"],
  ["-m1 ^ -2", "series"],
  ["(m1 + m2) * 2 >= 3 AND m1 != 0 || m2 < 1", "series"],
  ["SUM(METRICS())", "series"],
  ['AVG(METRICS("errors"))', "series"],
  ["METRICS()", "several series"],
  ["[m1, m2]", "several series"],
  ["MAX([m1, m2])", "series"],
  ["AVG(m1)", "number"],
  ["m1 - AVG(m1)", "series"],
  ["m1 / PERIOD(m1)", "series"],
  ["TIME_SERIES(MAX(m1))", "series"],
  ["SORT(all, AVG, DESC, 5)", "several series"],
  ["all * 2", "several series"],
  ["SEARCH('{AWS/EC2,InstanceId} CPUUtilization', 'Average', 300)", "several series"],
  [`m1 > \${var.most}`, "anything"],
  ["IF(m1, 1, 0)", "series"],
])("%s gives %s", (text, type) => {
  expect(read(text)).toBe(type);
});

it.each([
  ["", "ends where a value should be"],
  ["m1 +", "ends where a value should be"],
  ["m1 m2", "has m2 where an operator or its end should be"],
  ["(m1", "has its end where ) should be"],
  ["m1)", "has ) where an operator or its end should be"],
  ["[m1, m2", "has its end where ] should be"],
  ["* m1", "has * where a value should be"],
  ["m1 % 2", "has % 2, which means nothing"],
  ["m1 = 2", "has = 2, which means nothing"],
  ["m3 / m1", "uses m3, the id of no query"],
  ["AVERAGE(m1)", "calls AVERAGE, which is no function"],
  ["sum(m1)", "calls sum, which is no function"],
  ["FILL(m1)", "gives FILL 1 arguments, and it takes 2"],
  ["IF(m1)", "gives IF 1 arguments, and it takes 2 to 3"],
  ["MAX(m1, m2)", "gives MAX 2 arguments, and it takes 1"],
  ["RATE(5)", "gives RATE a number, and its argument 1 is a series or several series"],
  ["FILL(m1, 'x')", "gives FILL a text, and its argument 2 is a number or a series or a word"],
  ["FIRST(m1)", "gives FIRST a series, and its argument 1 is several series"],
  ["m1 + 'x'", "uses + on a text"],
  ["m1 * REPEAT", "uses * on a word"],
])("%s is refused: it %s", (text, message) => {
  expect(() => read(text)).toThrow(new MathError(message));
});
