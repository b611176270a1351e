import type { ServerName } from "../../config/servers/presets";
import { SERVER_IMAGES } from "./server-images";
import { foundIn, VALID_YAML } from "./serving-file";

/** A valid file with something changed, and all that is said of it. */
export interface RuleCase {
  /** What is changed, in plain words; with the id of `facts/bad-inputs.json` in front, where it is one of those. */
  readonly name: string;
  /** Texts to look for, each to be found once, and what they become. A `▸` marks where a diagnostic is. */
  readonly changes: readonly (readonly [string, string])[];
  /**
   * `severity  path  code` of every diagnostic, in the order of the places marked; without a mark at the top. A
   * `  message` after the code is compared too: one case does so for each sentence.
   */
  readonly expected: readonly string[];
  /** The file that is changed. Default: {@link VALID_YAML}. */
  readonly yaml?: string;
}

/** A test for each case: exactly these diagnostics, at exactly these places. */
export function testRules(cases: readonly RuleCase[]): void {
  test.each(cases.map((each) => [each.name, each] as const))("%s", (_name, { yaml, changes, expected }) => {
    const marked = changes.reduce(change, yaml ?? VALID_YAML);
    const places = placesOf(marked);
    const found = foundIn(marked.replaceAll(MARK, "")).map(({ place, finding, message }, index) =>
      expected[index] === finding ? `${place}  ${finding}` : `${place}  ${finding}  ${message}`,
    );
    expect(found).toEqual(
      expected.map(
        (sentence, index) => `${places[Math.min(index, places.length - 1)] ?? "1:1"}  ${sentence}`,
      ),
    );
  });
}

const MARK = "▸";

/** {@link VALID_YAML} with another server, in an image of its own, and for llama.cpp with a file in the weights. */
export function server(name: string, image?: string): readonly [string, string] {
  const plain = name.replace(MARK, "") as ServerName;
  const fields = [`server: ${name}`, `image: ${image ?? SERVER_IMAGES[plain]}`];
  return [
    `server: vllm\n    image: ${SERVER_IMAGES.vllm}`,
    (plain === "llama.cpp" ? [...fields, "model: llama.gguf"] : fields).join("\n    "),
  ];
}

function change(yaml: string, [before, after]: readonly [string, string]): string {
  const parts = yaml.split(before);
  if (parts.length !== 2) {
    throw new Error(`${JSON.stringify(before)} stands ${parts.length - 1} times in the file`);
  }
  return parts.join(after);
}

function placesOf(marked: string): readonly string[] {
  return marked.split("\n").flatMap((line, index) => {
    const pieces = line.split(MARK).slice(0, -1);
    let column = 1;
    return pieces.map((piece) => {
      column += piece.length;
      return `${index + 1}:${column}`;
    });
  });
}
