import { type Diagnostic, type Located, renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { load } from "../../config/load";
import { parseSource } from "../../config/source/parse";
import type { Answers } from "./answers";
import type { ModelFacts } from "./facts";
import { ACCEPTED, type AcceptedCode, type Chosen, fileFor, textOf } from "./file";

/** What the checks find in the file of a choice. */
export interface Judged {
  /** Warnings that every file without measurements has. */
  readonly usual: readonly Diagnostic[];
  /** Warnings that a file may accept where nothing is better. */
  readonly doubts: readonly Diagnostic[];
  /** Everything else. */
  readonly refused: readonly Diagnostic[];
  readonly source: Located;
}

/** @param accepted warnings that the file accepts */
export function judge(
  answers: Answers,
  facts: ModelFacts,
  chosen: Chosen,
  accepted: readonly AcceptedCode[] = [],
): Judged {
  const source = parseSource(
    "serving.yaml",
    textOf(fileFor(answers, facts, chosen, { text: facts.config }, accepted)),
  );
  if ("diagnostics" in source) {
    return { usual: [], doubts: [], refused: source.diagnostics, source };
  }
  const loaded = load(source);
  const found = loaded.ok ? loaded.warnings : loaded.diagnostics;
  const reasonOf = ({ code }: Diagnostic) => (isAcceptable(code) ? ACCEPTED[code] : undefined);
  return {
    usual: found.filter((each) => reasonOf(each)?.isDoubt === false),
    doubts: found.filter((each) => reasonOf(each)?.isDoubt === true),
    refused: found.filter((each) => reasonOf(each) === undefined),
    source: loaded.source,
  };
}

/** The warnings of a choice that its file has to accept, by their codes. */
export function toAccept({ usual, doubts }: Judged): readonly AcceptedCode[] {
  return [...new Set([...usual, ...doubts].map(({ code }) => code))].filter(isAcceptable);
}

function isAcceptable(code: string): code is AcceptedCode {
  return Object.hasOwn(ACCEPTED, code);
}

/** Each finding that is in the way, with its place. */
export function refusalText({ refused, source }: Judged): string {
  return renderDiagnostics(refused, source);
}
