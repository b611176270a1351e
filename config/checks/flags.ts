import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { didYouMean } from "../diagnostics/suggest";
import { quote } from "../diagnostics/text";
import { commandLine, startsAnotherProgram } from "../plan/command-line";
import { misplacedWord } from "../plan/misplaced-word";
import { servedModel } from "../plan/served-model";
import { imageServer } from "../plan/task";
import { type FlagFinding, flagsOf, judgeFlags, numbersOf } from "../servers/flags";
import { versionOf } from "../servers/presets";
import { isBefore, type Version } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { looksSecret } from "./software";

/** The team's own arguments, as the parser of the server's version reads them. A command of their own may take others. */
export const checkFlags: Check = (subject) => variantsInRegions(subject).flatMap(flagDiagnostics);

function flagDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { command, rest: all } = commandLine(server, settings);
  const rest = ofOneProcess(command, all);
  // What follows a word that is not the server's is for another program, too.
  if (
    rest.length === 0 ||
    startsAnotherProgram(server, settings) ||
    imageServer(server, settings, undefined) !== undefined ||
    misplacedWord(server, settings) !== undefined
  ) {
    return [];
  }
  const version = versionOf(server, settings.image);
  const before = settings.arguments.length - all.length;
  const isNamed = servedModel(server, settings) !== undefined;
  const findings = judgeFlags(server, version, rest).filter(
    ({ found }) => found !== "swallows-model" || !isNamed,
  );
  return findings.map((finding) =>
    diagnosticOf(
      { ...finding, index: before + finding.index },
      [server, version?.join(".")].filter((part) => part !== undefined).join(" "),
      server,
      version,
      at,
    ),
  );
}

/** The arguments up to the colon behind which `mpirun` has another program. Source: Open MPI docs, mpirun(1). */
function ofOneProcess([first = ""]: readonly string[], words: readonly string[]): readonly string[] {
  const end = /(^|\/)mpi(run|exec)$/.test(first) ? words.indexOf(":") : -1;
  return end === -1 ? words : words.slice(0, end);
}

function diagnosticOf(
  { found, index, word, near = [], flag }: FlagFinding,
  called: string,
  server: VariantInRegion["model"]["server"],
  version: Version | undefined,
  at: VariantInRegion["at"],
): Diagnostic {
  const path = at("arguments", index);
  const newest = flagsOf(server)?.versions.at(-1) ?? "";
  const isNewer = version === undefined || isBefore(numbersOf(newest), version);
  switch (found) {
    case "unknown":
      return warning(
        "unknown-flag",
        path,
        isNewer
          ? `${word} is a flag of no version of ${server} that is known here, up to ${newest}${didYouMean(near)}`
          : `${called} has no flag ${word}, and does not start with one that it does not know${didYouMean(near)}`,
      );
    case "removed":
      return error(
        "removed-flag",
        path,
        `${called} does not start with ${word}, which it no longer has; ${flag?.instead === undefined ? "remove it" : `use ${flag.instead}`}`,
      );
    case "too-new":
      return error(
        "flag-of-later-version",
        path,
        `${called} does not start with ${word}, which it has from ${flag?.first} on; use that version, or remove the flag`,
      );
    case "without-value":
      return warning(
        "flag-without-value",
        path,
        `${word} needs a value, and another flag or nothing follows it`,
      );
    case "stray":
      return warning(
        "stray-argument",
        path,
        `${looksSecret(word) ? "a word" : quote(word)} belongs to no flag, and ${server} does not start with such a word; remove it, or write the flag before it`,
      );
    case "twice":
      return error("flag-twice", path, `${server} does not start with ${word} given twice; keep one of them`);
    case "swallows-model":
      return warning(
        "values-swallow-model",
        path,
        `${word} takes all words that follow it, so none is left to name the model; write the model first, or after --model`,
      );
  }
}
