import { statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** Milliseconds between two looks at the file. It must look the same twice: editors may write in two steps. */
const INTERVAL = 60;

/** Takes what is printed: `log` results, `error` findings. */
export type Printer = Pick<Console, "log" | "error">;

/** Answers for a file. Returns the names of the other files that the answer depends on. */
type Answer = (print: Printer) => Promise<readonly string[]>;

/**
 * Answers now, and again after each change of a file or of those beside it, also when it is replaced, removed or made
 * anew. A change is
 * answered when the file has stayed the same for 60 ms. A result that is the same as the last one is
 * shortened to its first line, findings that are the same as in the last answer to their last line.
 *
 * The file is looked at by its name, so links, folders that are replaced and file systems without notifications need no
 * care.
 *
 * Ctrl-C ends the program after the current answer, so that nothing is left half written. The exit code is then 130,
 * which shells give a program that Ctrl-C ended.
 */
export async function watch(file: string, answer: Answer): Promise<never> {
  process.on("SIGINT", () => process.exit(130));
  const answerAgain = shortened(answer);
  let answered = statesOf([file]);
  let before = answered;
  const answerFor = async (states: States) => {
    const names = [file, ...(await answerAgain())];
    // A file that was not known before has the state that it has now; of the others a change meanwhile is seen.
    answered = new Map(names.map((name) => [name, states.get(name) ?? stateOf(name)]));
  };
  await answerFor(answered);
  console.log(`watching ${file}; Ctrl-C ends`);
  for (;;) {
    await setTimeout(INTERVAL);
    const now = statesOf([...answered.keys()]);
    const changed = [...now.keys()].find((name) => now.get(name) !== answered.get(name));
    if (changed !== undefined && [...now].every(([name, state]) => before.get(name) === state)) {
      console.log(`${new Date().toTimeString().slice(0, 8)}  ${changed} changed`);
      await answerFor(now);
    }
    before = now;
  }
}

/** The states of files, by their names. */
type States = ReadonlyMap<string, string>;

function statesOf(names: readonly string[]): States {
  return new Map(names.map((name) => [name, stateOf(name)]));
}

/** What differs after every change of a file, or of its permissions. */
function stateOf(file: string): string {
  try {
    const { ino, ctimeNs, size } = statSync(file, { bigint: true });
    return `${ino} ${ctimeNs} ${size}`;
  } catch (thrown) {
    return String(thrown);
  }
}

function shortened(answer: Answer): () => Promise<readonly string[]> {
  let result = "";
  let findings: readonly string[] = [];
  return async () => {
    const found: string[] = [];
    const beside = await answer({
      log: (text: string) => {
        console.log(text === result ? text.split("\n")[0] : text);
        result = text;
      },
      error: (text: string) => {
        console.error(findings.includes(text) ? `as before: ${text.split("\n").at(-1)}` : text);
        found.push(text);
      },
    });
    findings = found;
    return beside;
  };
}
