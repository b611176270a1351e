import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

/** What an instance of this project finds in its user data. */
export interface UnpackedUserData {
  /** The files that cloud-init writes, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The facts of the instance, e.g. `IMAGE`: one text, or several. */
  readonly facts: ReadonlyMap<string, readonly string[]>;
}

const FACTS = "/etc/model-server/instance.sh";

/** The files before the facts are the same for every instance, so they are parsed once. */
const parsed = new Map<string, ReadonlyMap<string, string>>();

/** @returns what `renderUserData` wrote; `undefined` for other user data */
export function unpackUserData(base64: string): UnpackedUserData | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length < 2 || bytes.readUInt16BE() !== 0x1f8b) {
    return undefined;
  }
  const text = gunzipSync(bytes).toString();
  const [, head = "", last = ""] = /^(.*\n[^\n]*\bcontent: )([^\n]+)\n$/s.exec(text) ?? [];
  const files = parsed.get(head) ?? filesIn(`${head}""`);
  parsed.set(head, files);
  const facts = files.has(FACTS) ? String(parse(last, { version: "1.1" })) : undefined;
  return facts === undefined
    ? undefined
    : { files: new Map([...files, [FACTS, facts]]), facts: factsIn(facts) };
}

function filesIn(cloudConfig: string): ReadonlyMap<string, string> {
  const { write_files = [] } = parse(cloudConfig, { version: "1.1" }) ?? {};
  return new Map(write_files.map((file: { path: string; content: string }) => [file.path, file.content]));
}

/** Each fact is an assignment of bash: of one text in single quotes, or of several in round brackets. */
function factsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const quoted = "(?:'[^']*'|\\\\')*";
  const assignment = new RegExp(`^INSTANCE_(\\w+)=(\\((?:${quoted}| )*\\)|${quoted})$`, "gm");
  return new Map(
    [...text.matchAll(assignment)].map(([, name = "", value = ""]) => [
      name,
      [...value.matchAll(/(?:'[^']*'|\\')+/g)].map(([each]) =>
        each.replaceAll(/'([^']*)'|\\'/g, (_all, inside) => inside ?? "'"),
      ),
    ]),
  );
}
