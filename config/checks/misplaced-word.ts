import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { quote } from "../diagnostics/text";
import { type MisplacedWord, misplacedWord } from "../plan/misplaced-word";
import { shellWords } from "../servers/run/shell-words";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { looksSecret } from "./software";

/** The first word that a server gets: its model or a flag, and not what only a shell understands. */
export const checkMisplacedWords: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => {
    const found = misplacedWord(each.model.server, each.variant.settings);
    return found === undefined ? [] : [diagnosticOf(each, found)];
  });

function diagnosticOf(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  { word, kind, field, index, asModel }: MisplacedWord,
): Diagnostic {
  const fate = asModel ? `${server} would take it for its model` : `${server} does not start with it`;
  return error(
    "misplaced-word",
    at(field, index),
    `${SENTENCES[kind](word, fate)}; ${remedyFor(kind, word, field, settings.run !== undefined)}`,
  );
}

/** None shows a value that may be a secret. */
const SENTENCES: Readonly<Record<MisplacedWord["kind"], (word: string, fate: string) => string>> = {
  variable: (word, fate) => `${nameIn(word)}=… sets a variable in a shell, and none runs here: ${fate}`,
  line: (_, fate) => `several words are written as one, and no shell parts them: ${fate}`,
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
  const { words = [] } = shellWords(line) as { readonly words?: readonly string[] };
  const mayBeSecret = /key|token|secret|password/i.test(line) || words.some(looksSecret);
  const list = words.map((word) => (/^[A-Za-z/-][\w./-]*$/.test(word) ? word : quote(word)));
  return words.length === 0 || mayBeSecret ? "" : `, ${field}: [${list.join(", ")}]`;
}
