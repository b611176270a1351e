import type { Flag } from "../../config/servers/flags";

/**
 * The flags in what a server prints with `--help`. The parsers print alike: Python's argparse (vLLM, SGLang), Rust's clap
 * (TGI, TEI), llama.cpp's own and Triton's own. A line that begins with a flag has all its names and then the values that
 * it takes; the description follows after two spaces, or on the next line.
 */
export function flagsInHelp(help: string): Readonly<Record<string, Flag>> {
  // llama.cpp still names what it has removed, to refuse it with a hint.
  const lines = help
    .split("\n")
    .filter((line) => /^ {0,8}--?[A-Za-z]/.test(line) && !/\bthe argument has been removed\b/.test(line));
  const found: Readonly<Record<string, Flag>> = Object.assign({}, ...lines.map(flagsInLine));
  // argparse has --no-x for each bool --x, so the list has only the others.
  const isArgparse = /^usage: /m.test(help);
  return Object.fromEntries(
    Object.entries(found).filter(
      ([name, { of, negates }]) => !(isArgparse && negates && name === `--no-${of?.slice(2)}`),
    ),
  );
}

function flagsInLine(line: string): Readonly<Record<string, Flag>> {
  const [invocation = ""] = line
    .trim()
    .replaceAll(/,\s+/g, ", ")
    .split(/\s{2,}|\t/);
  // Before Python 3.13 argparse repeats the values after each name: "--seed SEED, -s SEED".
  const parts = invocation.split(/, (?=-)/).map((part) => /^([^\s=]+)(?:[ =](.*))?$/.exec(part) ?? []);
  const names = parts.flatMap(([, name]) => name ?? []);
  const values = parts.at(-1)?.[2] ?? "";
  const long = names.filter((name) => name.startsWith("--"));
  const main = long.find((name) => !name.startsWith("--no-")) ?? long[0] ?? names[0] ?? "";
  const others = names.filter((name) => name !== main);
  const hasOpposite = others.some((name) => name.startsWith("--no-"));
  const negates = (name: string) =>
    hasOpposite && names.indexOf(name) > names.indexOf(main) && /^-(-no-|n)/.test(name);
  return Object.fromEntries([
    [main, { kind: hasOpposite ? "bool" : kindOf(values) }],
    ...others.map((name) => [name, negates(name) ? { of: main, negates: true } : { of: main }]),
  ]);
}

/** How many values follow a flag, by how they are printed: `N`, `A [A ...]`, `[A]`, `<A>`, `START END`. */
function kindOf(values: string): NonNullable<Flag["kind"]> {
  if (values === "") {
    return "flag";
  }
  if (/\.\.\.\]$/.test(values)) {
    return "values";
  }
  // llama.cpp prints the words to choose from in brackets: [on|off|auto].
  if (/^\[[^|]*\]$/.test(values)) {
    return "optional";
  }
  return /^[A-Z_]+ [A-Z_]+$/.test(values) ? "value2" : "value";
}
