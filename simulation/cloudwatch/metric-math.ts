import type { Metrics } from "./metrics";
import type { MetricMathModel, QueryModel } from "./model";

/** The values of a metric or of an expression, period by period, the oldest first. `undefined`: there is none. */
export type Values = readonly (number | undefined)[];

type Value = number | Values | readonly Values[];

/** An expression that the simulation cannot reckon. The message is a sentence about it. */
export class UnknownMath extends Error {}

/**
 * Reckons metrics and expressions over whole periods.
 * Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
 *
 * @param end the minute after the last period
 * @param periods how many
 * @throws UnknownMath
 */
export function valuesOf(
  { queries, returns, period }: MetricMathModel,
  metrics: Metrics,
  end: number,
  periods: number,
): Values {
  const minutes = Math.max(1, Math.round(period / 60));
  const byId = (id: string): Values => {
    const query = queries.find((each) => each.id === id);
    if (query === undefined) {
      throw new UnknownMath(`${id} is no metric and no expression here`);
    }
    return "expression" in query
      ? asValues(new Reader(query.expression, byId, periods).whole(), periods)
      : Array.from({ length: periods }, (_, index) =>
          metrics
            .series(query.metric.name, query.metric.dimensions)
            .statistic(query.statistic, end - (periods - index) * minutes, minutes),
        );
  };
  return byId(returns);
}

/** What of some queries the simulation cannot reckon, as a sentence; `undefined`: nothing. */
export function unknownMath(queries: readonly QueryModel[]): string | undefined {
  const ids = new Set(queries.map(({ id }) => id));
  for (const query of queries) {
    try {
      if ("expression" in query) {
        new Reader(
          query.expression,
          (id) => (ids.has(id) ? [1] : fail(`${id} is no metric here`)),
          1,
        ).whole();
      }
    } catch (error) {
      if (error instanceof UnknownMath) {
        return error.message;
      }
      throw error;
    }
  }
  return undefined;
}

function fail(message: string): never {
  throw new UnknownMath(message);
}

const TOKEN = /\s*(\d+(?:\.\d*)?|\.\d+|[A-Za-z_]\w*|[=!<>]=|&&|\|\||[-+*/^<>(),[\]])/y;

const LEVELS: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

class Reader {
  #at = 0;
  readonly #tokens: string[] = [];

  constructor(
    private readonly text: string,
    private readonly byId: (id: string) => Values,
    private readonly periods: number,
  ) {
    for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
      const at = TOKEN.lastIndex;
      this.#tokens.push(TOKEN.exec(text)?.[1] ?? fail(`${text.slice(at)} is not reckoned here`));
    }
  }

  whole(): Value {
    const value = this.#level(0);
    return this.#at === this.#tokens.length ? value : fail(`${this.text} is not reckoned here`);
  }

  #take(...wanted: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token !== undefined && wanted.includes(token)) {
      this.#at += 1;
      return token;
    }
    return undefined;
  }

  #level(level: number): Value {
    const operators = LEVELS[level];
    if (operators === undefined) {
      return this.#signed();
    }
    let value = this.#level(level + 1);
    for (
      let operator = this.#take(...operators);
      operator !== undefined;
      operator = this.#take(...operators)
    ) {
      value = this.#apply(operator, value, this.#level(level + 1));
    }
    return value;
  }

  #signed(): Value {
    return this.#take("-") ? this.#apply("-", 0, this.#signed()) : this.#single();
  }

  #single(): Value {
    if (this.#take("(")) {
      return this.#closed(this.#level(0), ")");
    }
    if (this.#take("[")) {
      return this.#closed(
        this.#list("]").map((each) => asValues(each, this.periods)),
        "]",
      );
    }
    const token = this.#tokens[this.#at] ?? fail(`${this.text} ends too early`);
    this.#at += 1;
    if (/^[\d.]/.test(token)) {
      return Number(token);
    }
    return this.#take("(") ? this.#call(token.toUpperCase()) : this.byId(token);
  }

  #closed(value: Value, bracket: string): Value {
    return this.#take(bracket) ? value : fail(`${this.text} lacks a ${bracket}`);
  }

  #list(end: string): Value[] {
    const values: Value[] = [];
    while (this.#tokens[this.#at] !== end && this.#at < this.#tokens.length) {
      values.push(this.#level(0));
      this.#take(",");
    }
    return values;
  }

  #call(name: string): Value {
    if (name === "FILL") {
      const series = asValues(this.#level(0), this.periods);
      this.#take(",") ?? fail("FILL takes two arguments");
      const by = this.#take("REPEAT") ? "repeat" : this.#level(0);
      return this.#closed(filled(series, by), ")");
    }
    const values = this.#list(")");
    this.#take(")") ?? fail(`${name} is not closed`);
    const reduce = REDUCERS[name] ?? fail(`${name} is not reckoned here`);
    const [first, ...rest] = values;
    if (first === undefined || rest.length > 0) {
      return name === "IF" ? this.#choice(values) : fail(`${name} takes one argument here`);
    }
    if (isSeveral(first)) {
      return Array.from({ length: this.periods }, (_, at) =>
        reduce(first.flatMap((series) => series[at] ?? [])),
      );
    }
    const known = asValues(first, this.periods).filter((each) => each !== undefined);
    return reduce(known) ?? Number.NaN;
  }

  #choice([condition, then, otherwise]: readonly Value[]): Value {
    const [test, yes, no] = [condition, then, otherwise].map((each) => asValues(each ?? [], this.periods));
    return Array.from({ length: this.periods }, (_, at) =>
      test?.[at] === undefined ? undefined : test[at] ? yes?.[at] : no?.[at],
    );
  }

  #apply(operator: string, left: Value, right: Value): Value {
    if (typeof left === "number" && typeof right === "number") {
      return reckon(operator, left, right);
    }
    const [a, b] = [asValues(left, this.periods), asValues(right, this.periods)];
    return Array.from({ length: this.periods }, (_, at) => {
      const [x, y] = [a[at], b[at]];
      return x === undefined || y === undefined ? undefined : finite(reckon(operator, x, y));
    });
  }
}

const REDUCERS: Readonly<Record<string, (values: readonly number[]) => number | undefined>> = {
  MAX: (values) => (values.length === 0 ? undefined : Math.max(...values)),
  MIN: (values) => (values.length === 0 ? undefined : Math.min(...values)),
  SUM: (values) => (values.length === 0 ? undefined : values.reduce((a, b) => a + b)),
  AVG: (values) => (values.length === 0 ? undefined : values.reduce((a, b) => a + b) / values.length),
  IF: () => undefined,
};

function reckon(operator: string, x: number, y: number): number {
  switch (operator) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    case "^":
      return x ** y;
    case "==":
      return Number(x === y);
    case "!=":
      return Number(x !== y);
    case "<":
      return Number(x < y);
    case ">":
      return Number(x > y);
    case "<=":
      return Number(x <= y);
    case ">=":
      return Number(x >= y);
    case "AND":
    case "&&":
      return Number(x !== 0 && y !== 0);
    default:
      return Number(x !== 0 || y !== 0);
  }
}

/** A division by 0 gives no value. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function isSeveral(value: Value): value is readonly Values[] {
  return Array.isArray(value) && Array.isArray(value[0]);
}

function asValues(value: Value, periods: number): Values {
  if (typeof value === "number") {
    return Array.from({ length: periods }, () => value);
  }
  return isSeveral(value) ? fail("several series stand where one should") : value;
}

function filled(series: Values, by: Value | "repeat"): Values {
  let last: number | undefined;
  return series.map((value, at) => {
    last = value ?? last;
    return value ?? (by === "repeat" ? last : asValues(by, series.length)[at]);
  });
}
