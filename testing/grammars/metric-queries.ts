import { repeated } from "../repeated";
import { boolOf, entriesOf, isRecord, type Json } from "../terraform/json";
import type { MathType } from "./metric-functions";
import { described, MathError, readMath } from "./metric-math";

/** Is told of which argument it is, what is wrong, and what says so. */
export type Report = (argument: string, message: string, source: string) => void;

/** What reads metrics by queries: an alarm, or a scaling policy. */
export interface QueryReader {
  /** e.g. `metric_query`. */
  readonly argument: string;
  /** e.g. `an alarm`. */
  readonly name: string;
  /** The argument of a query that has its metric. */
  readonly metric: string;
  /** Whether a query is returned that does not say. */
  readonly returnedByDefault: boolean;
  /** Maximum number of queries with an expression, and of those with a metric. Without it there is none. */
  readonly most?: number;
  /** The query that is a band about the one that is returned. */
  readonly band?: string;
  readonly source: string;
}

const MATH =
  "CloudWatch user guide, Metric math syntax and functions, read by testing/grammars/metric-math.ts";

/** Reports what is wrong with queries, and with their metric math. */
export function reportQueries(queries: readonly Json[], reader: QueryReader, report: Report): void {
  const { argument, name, metric, source, most = Number.POSITIVE_INFINITY, band } = reader;
  for (const { id, expression, ...query } of queries) {
    const about = `${argument} "${id}"`;
    if (!/^[a-z][a-zA-Z0-9_]*$|\$\{/.test(id)) {
      report(about, "has an id that is not a small letter, followed by letters, digits and _", source);
    }
    if ((expression === undefined) === (query[metric] === undefined)) {
      report(about, `must have either an expression or a ${metric}`, source);
    }
  }
  for (const id of repeated(queries.map(({ id }) => id))) {
    report(`${argument} "${id}"`, "has the id of another query", source);
  }
  if (
    band !== undefined &&
    !queries.some(({ id, expression }) => id === band && /_BAND\s*\(/.test(expression))
  ) {
    report("threshold_metric_id", `is ${band}, the id of no query with ANOMALY_DETECTION_BAND`, source);
  }
  const isReturned = ({ return_data: written = reader.returnedByDefault }: Json) => boolOf(written);
  const answers = queries.filter(({ id }) => id !== band).map(isReturned);
  const returned = answers.filter((each) => each === true).length;
  if (returned > 1 || (returned < 1 && !answers.includes(undefined))) {
    report(argument, `has return_data ${returned} times, and ${name} watches one query`, source);
  }
  for (const kind of ["expression", metric]) {
    const count = queries.filter((query) => query[kind] !== undefined).length;
    if (count > most) {
      report(argument, `has ${kind} ${count} times, and may have it ${most} times`, source);
    }
  }
  for (const query of queries.filter(({ expression }) => expression !== undefined)) {
    const watched = query.id !== band && isReturned(query) === true;
    reportMath(query, watched, queries, reader, report);
  }
}

function reportMath(
  { id, expression }: Json,
  watched: boolean,
  queries: readonly Json[],
  { argument, name, source }: QueryReader,
  report: Report,
): void {
  const about = `${argument} "${id}" expression`;
  try {
    const type = typeOf(id, queries, []);
    if (/\bSEARCH\s*\(/.test(expression)) {
      report(about, `calls SEARCH, which no ${name.replace(/^an? /, "")} may`, source);
    } else if (watched && type !== "series" && type !== "anything") {
      report(about, `gives ${described(type ?? "text")}, and ${name} watches one series`, source);
    }
  } catch (error) {
    if (!(error instanceof MathError)) {
      throw error;
    }
    report(about, error.message, MATH);
  }
}

/**
 * What a query gives; `undefined` for no query. A query of Metrics Insights is no math, and may give anything.
 *
 * @param within the expressions that are being read
 */
function typeOf(id: string, queries: readonly Json[], within: readonly string[]): MathType | undefined {
  const query = queries.find((each) => each.id === id);
  if (query?.expression === undefined) {
    return query && "series";
  }
  if (within.includes(id)) {
    throw new MathError(`needs itself, by ${[...within, id].join(" → ")}`);
  }
  return /^\s*SELECT\b/i.test(query.expression)
    ? "anything"
    : readMath(query.expression, (other) => typeOf(other, queries, [...within, id]));
}

/** What blocks of a name have within them, however deep: each with its path. */
export function within(body: Json, name: string, path = ""): readonly (readonly [string, readonly Json[]])[] {
  if (Array.isArray(body)) {
    return body.flatMap((each) => within(each, name, path));
  }
  return isRecord(body)
    ? entriesOf(body).flatMap(([key, value]) => {
        const inner = path === "" ? key : `${path}.${key}`;
        return key === name ? [[inner, [value].flat()] as const] : within(value, name, inner);
      })
    : [];
}
