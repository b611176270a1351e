import { CsvError, parse } from "csv-parse/sync";

/** A request of a trace. */
export interface Traced {
  /** Seconds of the deployment since the beginning of the trace. */
  readonly at: number;
  /** The model that is asked, at its own `base_url`; `undefined`: the trace has a path. */
  readonly model: string | undefined;
  /** The path that is asked, as the client writes it. */
  readonly path: string | undefined;
  readonly promptTokens: number;
  readonly answerTokens: number;
}

/** The columns of a trace. */
const COLUMNS = ["seconds", "model", "path", "prompt_tokens", "answer_tokens"] as const;

type Column = (typeof COLUMNS)[number];

/** Tokens that a column may have: more than the longest context there is. */
const MOST_TOKENS = 10_000_000;

/**
 * Reads a trace: CSV with a header row, one request a line, in any order.
 *
 * @param name of the file, for findings
 * @param models that the deployment has
 * @returns the requests in the order of their times
 * @throws Error with all findings, each with its line and its column
 */
export function readTrace(name: string, text: string, models: readonly string[]): readonly Traced[] {
  const findings: string[] = [];
  const [header, ...lines] = recordsOf(name, text, findings);
  const found = (line: number, column: string, sentence: string) =>
    findings.push(`${name}:${line}, column ${column}: ${sentence}`);
  const columns = header?.record.map((each) => each.trim()) ?? [];
  checkHeader(columns, header?.line ?? 1, found);
  const requests: Traced[] = [];
  for (const { line, record } of findings.length === 0 ? lines : []) {
    const value = (column: Column) => record[columns.indexOf(column)]?.trim() ?? "";
    if (record.length !== columns.length) {
      const [had, wanted] = [record.length, columns.length];
      found(line, String(Math.min(had, wanted) + 1), `the line has ${had} columns, and the header ${wanted}`);
      continue;
    }
    const at = Number(value("seconds"));
    if (value("seconds") === "" || !Number.isFinite(at) || at < 0) {
      found(line, "seconds", `"${value("seconds")}" is no number from 0; write one such as 12.5`);
    }
    const tokens = (column: "prompt_tokens" | "answer_tokens", least: number): number => {
      const count = Number(value(column));
      if (value(column) === "" || !Number.isInteger(count) || count < least || count > MOST_TOKENS) {
        const range = `from ${least} to ${MOST_TOKENS}`;
        found(line, column, `"${value(column)}" is no whole number ${range}; write one such as 512`);
      }
      return count;
    };
    const [model, path] = [value("model"), value("path")];
    if ((model === "") === (path === "")) {
      const what = model === "" ? "neither a model nor a path" : "a model and a path";
      found(line, columns.includes("path") ? "path" : "model", `the line has ${what}; write one of them`);
    } else if (model !== "" && !models.includes(model)) {
      found(line, "model", `there is no model "${model}"; there are ${models.join(", ")}`);
    } else if (path !== "" && !/^\/[\x21-\x7e]*$/.test(path)) {
      found(line, "path", `"${path}" is no path; write one such as /llama-3-8b/v1/chat/completions`);
    }
    requests.push({
      at,
      model: model === "" ? undefined : model,
      path: path === "" ? undefined : path,
      promptTokens: tokens("prompt_tokens", 0),
      answerTokens: tokens("answer_tokens", 1),
    });
  }
  if (findings.length === 0 && requests.length === 0) {
    findings.push(`${name}:2, column seconds: the trace has no request; write one a line`);
  }
  if (findings.length > 0) {
    throw new Error(findings.join("\n"));
  }
  return requests.sort((a, b) => a.at - b.at);
}

function recordsOf(
  name: string,
  text: string,
  findings: string[],
): readonly { readonly line: number; readonly record: readonly string[] }[] {
  const options = { bom: true, relax_column_count: true, skip_empty_lines: true, info: true } as const;
  try {
    const parsed = parse(text, options) as unknown as readonly {
      readonly info: { readonly lines: number };
      readonly record: readonly string[];
    }[];
    return parsed.map(({ info, record }) => ({ line: info.lines, record }));
  } catch (error) {
    if (!(error instanceof CsvError)) {
      throw error;
    }
    findings.push(`${name}:${Number(error.lines)}, column ${Number(error.column) + 1}: ${error.message}`);
    return [];
  }
}

function checkHeader(
  columns: readonly string[],
  line: number,
  found: (line: number, column: string, sentence: string) => void,
): void {
  const all = `the columns are ${COLUMNS.join(", ")}, with one of model and path at least`;
  columns.forEach((column, at) => {
    if (!COLUMNS.some((each) => each === column)) {
      found(line, String(at + 1), `there is no column "${column}"; ${all}`);
    } else if (columns.indexOf(column) !== at) {
      found(line, String(at + 1), `the column ${column} is there already`);
    }
  });
  for (const column of COLUMNS) {
    const isThere =
      column === "model" || column === "path"
        ? columns.includes("model") || columns.includes("path")
        : columns.includes(column);
    if (!isThere && column !== "path") {
      found(line, column, `the header row does not have it; ${all}`);
    }
  }
}
