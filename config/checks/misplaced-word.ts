import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { type MisplacedWord, misplacedWord } from "../plan/misplaced-word";
import { ownCommand } from "../servers/own-command";
import { SHELL_WORDS } from "../servers/run/shell-line";
import { leftInBackground } from "./background";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { wordsAsList } from "./words-as-list";

/** The first word that a server gets: its model or a flag, and not what only a shell understands. */
export const checkMisplacedWords: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => {
    const { server } = each.model;
    const { settings } = each.variant;
    const found =
      leftInBackground(server, settings) === undefined ? misplacedWord(server, settings) : undefined;
    return [...(found === undefined ? [] : [diagnosticOf(each, found)]), ...noProgram(each)];
  });

/** A command whose first word starts no program: that of a compose file holds arguments. */
function noProgram({ model: { server }, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { command: [first = "", ...others] = [], run } = settings;
  if (run !== undefined) {
    return [];
  }
  const [, variable] = /^(\w+)=/.exec(first) ?? [];
  if (variable !== undefined || SHELL_WORDS.includes(first)) {
    const [what, remedy] =
      variable === undefined
        ? [`${first} is a word of a shell`, "leave it out"]
        : [`${variable}=… sets a variable in a shell`, `remove the word, and write env: { ${variable}: … }`];
    return [
      error(
        "misplaced-word",
        at("command", 0),
        `${what}, and none runs here: no program has that name; ${remedy}`,
      ),
    ];
  }
  if (first.startsWith("-")) {
    return [
      error(
        "misplaced-word",
        at("command", 0),
        `${first.replace(/[\s=][\s\S]*$/, "")} is an argument, and the first word of command is the program that starts; write these words into arguments`,
      ),
    ];
  }
  const words = first.trim().split(/\s+/);
  const isLine = others.length === 0 && words.length > 1 && ownCommand(server, words).length > 0;
  return isLine
    ? [
        error(
          "misplaced-word",
          at("command", 0),
          `several words are written as one, and no shell parts them: no program has that name; write each on its own${separately(first, "command")}`,
        ),
      ]
    : [];
}

function diagnosticOf(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  { word, kind, index, asModel }: MisplacedWord,
): Diagnostic {
  const path = at("arguments", index);
  const fate = asModel ? `${server} would take it for its model` : `${server} does not start with it`;
  return error(
    "misplaced-word",
    path,
    `${SENTENCES[kind](word, fate)}; ${remedyFor(kind, word, String(path.at(-2)), settings.run !== undefined)}`,
  );
}

/** None shows a value that may be a secret. */
const SENTENCES: Readonly<Record<MisplacedWord["kind"], (word: string, fate: string) => string>> = {
  variable: (word, fate) => `${nameIn(word)}=… sets a variable in a shell, and none runs here: ${fate}`,
  line: (_, fate) => `several words are written as one, and no shell parts them: ${fate}`,
  task: (word) => `${word} has the program do something else than to serve, and then end`,
  program: (word, fate) => `${word} is a program, and the container starts another one already: ${fate}`,
};

function remedyFor(kind: MisplacedWord["kind"], word: string, field: string, isRun: boolean): string {
  switch (kind) {
    case "variable":
      return isRun
        ? `write -e ${nameIn(word)}=… before the image`
        : `remove the word, and write env: { ${nameIn(word)}: … }`;
    case "line":
      return isRun ? "remove the quotes around them" : `write each on its own${separately(word, field)}`;
    case "task":
      return "leave it out, and what belongs to it; what is served lies in weights";
    case "program":
      return isRun
        ? `write --entrypoint ${word} before the image, and what follows it after the image`
        : `write it and the words up to the server's flags as command: [${word}, …], or leave them out`;
  }
}

function nameIn(word: string): string {
  return word.replace(/=[\s\S]*$/, "");
}

/** The words of a line as a list of the file, where none may be secret. */
function separately(line: string, field: string): string {
  const words = wordsAsList(line);
  return words === undefined ? "" : `, ${field}: ${words}`;
}
