import { quote } from "../diagnostics/text";
import { shellWords } from "../servers/run/shell-words";
import { looksSecret } from "./software";

/** The words of a shell's line as a list of the file, `[--port, "8000"]`; undefined where one may be secret, or there are none. */
export function wordsAsList(line: string): string | undefined {
  const { words = [] } = shellWords(line) as { readonly words?: readonly string[] };
  const mayBeSecret = /key|token|secret|password/i.test(line) || words.some(looksSecret);
  const list = words.map((word) => (/^[A-Za-z/-][\w./-]*$/.test(word) ? word : quote(word)));
  return words.length === 0 || mayBeSecret ? undefined : `[${list.join(", ")}]`;
}
