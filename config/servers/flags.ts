import { readFileSync } from "node:fs";
import path from "node:path";
import { closest } from "../diagnostics/suggest";
import type { ServerName } from "./presets";
import { isAtLeast, isBefore, type Version } from "./version";

/** A flag of a server, by one of its names. */
export interface Flag {
  /**
   * The values that follow it. `value`: one; `values`: all words up to the next flag; `optional`: one or none; `value2`:
   * two; `flag`: none; `bool`: none, and `--no-…` turns it off. Default: not known.
   */
  readonly kind?: "value" | "values" | "optional" | "value2" | "flag" | "bool";
  /** The name under which the list has the kind, for another name of the same flag. */
  readonly of?: string;
  /** Whether it is another flag's opposite. */
  readonly negates?: true;
  /** The first listed version that has it. Default: all from the beginning. */
  readonly first?: string;
  /** The last listed version that has it. Default: the newest. */
  readonly last?: string;
  /** In the newest version: it warns, or it ends the start. */
  readonly deprecated?: true | "fatal";
  /** What replaces it, where it is gone. */
  readonly instead?: string;
}

/** The flags of a server in all its listed versions. `npm run server-flags` adds a version. */
export interface FlagList {
  /** The files of the server's sources that define them. */
  readonly source: string;
  /** Day on which they were read. */
  readonly date: string;
  /** The listed versions, the oldest first. */
  readonly versions: readonly string[];
  /** By name. */
  readonly flags: Readonly<Record<string, Flag>>;
}

export type FlagLists = Readonly<Record<string, FlagList>>;

/** The file of all lists. */
export const FLAGS_FILE = path.join(__dirname, "flags.json");

let lists: FlagLists | undefined;

/** The flags of a server; undefined for one whose flags are not listed. They are read when they are first needed. */
export function flagsOf(server: ServerName): FlagList | undefined {
  lists ??= JSON.parse(readFileSync(FLAGS_FILE, "utf8")) as FlagLists;
  return lists[server];
}

/** How the parser of a server's command line reads it. */
interface Syntax {
  /** Whether the beginning of a name will do, if no other name begins so. */
  readonly abbreviates?: true;
  /** Whether `_` stands for `-` in names that begin with `--`. */
  readonly underscores?: true;
  /** Whether `--name.key` sets one key of a JSON value. */
  readonly keys?: true;
  /** Whether a flag takes the next word as its value, also one that looks like a flag. */
  readonly takesAnyWord?: true;
  /** Whether a word may stand alone: the model. */
  readonly positional?: true;
  /** Whether it refuses a flag that is given twice. Default: the last one counts. */
  readonly refusesTwice?: true;
}

/**
 * Sources: vllm/utils/argparse_utils.py, FlexibleArgumentParser; Python docs, argparse (allow_abbrev); llama.cpp
 * common/arg.cpp; Triton src/command_line_parser.cc (getopt_long); clap docs, allow_hyphen_values and ErrorKind::ArgumentConflict.
 */
const SYNTAX: Partial<Readonly<Record<ServerName, Syntax>>> = {
  vllm: { abbreviates: true, underscores: true, keys: true, positional: true },
  sglang: { abbreviates: true },
  "llama.cpp": { underscores: true, takesAnyWord: true },
  tgi: { refusesTwice: true },
  tei: { refusesTwice: true },
  triton: { abbreviates: true, takesAnyWord: true },
};

/** Something about a word of a command line. */
export interface FlagFinding {
  readonly found: "unknown" | "removed" | "too-new" | "without-value" | "stray" | "swallows-model" | "twice";
  /** Index of the word. */
  readonly index: number;
  /** The flag as it is written, without its value; for `stray` the word. */
  readonly word: string;
  /** For `unknown`: names that may be meant. */
  readonly near?: readonly string[];
  /** For `removed` and `too-new`. */
  readonly flag?: Flag;
}

/**
 * Reads the arguments of a server as its parser does.
 *
 * @param version of the server, the major number first; undefined: any listed one
 */
export function judgeFlags(
  server: ServerName,
  version: Version | undefined,
  words: readonly string[],
): readonly FlagFinding[] {
  const list = flagsOf(server);
  return list === undefined ? [] : new Reader(list, SYNTAX[server] ?? {}, version, words).findings();
}

/** A word that a parser takes for a flag: negative numbers are none. */
function looksLikeFlag(word: string | undefined): boolean {
  return word !== undefined && /^--?[A-Za-z]/.test(word) && !/\s/.test(word);
}

/** The names of a list that a version has, by what decides which: each word that is unknown is compared with all of them. */
const namesOf = new WeakMap<FlagList, Map<string, readonly string[]>>();

class Reader {
  readonly #found: FlagFinding[] = [];
  readonly #read = new Set<string>();
  #namesModel = false;
  #maySwallow: FlagFinding | undefined;
  #index = 0;

  constructor(
    private readonly list: FlagList,
    private readonly syntax: Syntax,
    private readonly version: Version | undefined,
    private readonly words: readonly string[],
  ) {}

  findings(): readonly FlagFinding[] {
    while (this.#index < this.words.length) {
      const index = this.#index;
      const word = this.words[index] ?? "";
      this.#index += 1;
      // A flag with a space in its name is reported as two words in one.
      if (looksLikeFlag(word.replace(/=[\s\S]*$/, ""))) {
        this.#readFlag(index, word);
      } else if (this.syntax.positional) {
        this.#namesModel = true;
      } else if (!word.startsWith("-")) {
        this.#found.push({ found: "stray", index, word });
      }
    }
    const swallows = this.#namesModel || this.#maySwallow === undefined ? [] : [this.#maySwallow];
    return [...this.#found, ...swallows];
  }

  #readFlag(index: number, word: string): void {
    const [, written = "", value] = /^([^=]*)(=[\s\S]*)?$/.exec(word) ?? [];
    const name = this.#nameOf(written);
    if (name === undefined) {
      if (this.#isOptimizationLevel(written)) {
        return;
      }
      const near = this.#near(this.#normal(written));
      this.#found.push({ found: "unknown", index, word: written, near });
      if (value === undefined) {
        this.#take((next) => !looksLikeFlag(next), 1);
      }
      return;
    }
    const flag = this.list.flags[name] ?? {};
    if (this.syntax.refusesTwice && this.#read.has(flag.of ?? name)) {
      this.#found.push({ found: "twice", index, word: written });
    }
    this.#read.add(flag.of ?? name);
    const state = stateOf(this.list, flag, this.version);
    if (state !== "there") {
      this.#found.push({ found: state, index, word: written, flag });
    }
    if (name === "--model") {
      this.#namesModel = true;
    }
    if (value === undefined) {
      this.#readValues(index, written, flag);
    }
  }

  #readValues(index: number, word: string, flag: Flag): void {
    const { kind } = flag.of === undefined || flag.negates ? flag : (this.list.flags[flag.of] ?? flag);
    const mayFollow = (next: string) => this.syntax.takesAnyWord === true || !looksLikeFlag(next);
    switch (kind) {
      case "value":
      case "value2": {
        const wanted = kind === "value" ? 1 : 2;
        if (this.#take(mayFollow, wanted).length < wanted) {
          this.#found.push({ found: "without-value", index, word });
        }
        return;
      }
      case "values": {
        const values = this.#take((next) => !looksLikeFlag(next), Number.POSITIVE_INFINITY);
        if (values.length > 1 && this.syntax.positional && /^[\w.-]+\/[\w.-]+$/.test(values.at(-1) ?? "")) {
          this.#maySwallow = { found: "swallows-model", index, word };
        }
        return;
      }
      case "optional":
      case undefined:
        // A word after a flag that is only known to have been there is taken for its value.
        if (flag.negates !== true) {
          this.#take((next) => !looksLikeFlag(next), 1);
        }
        return;
    }
  }

  /** Takes the next words, at most so many, while they may follow. */
  #take(mayFollow: (word: string) => boolean, most: number): readonly string[] {
    const begin = this.#index;
    while (
      this.#index < this.words.length &&
      this.#index - begin < most &&
      mayFollow(this.words[this.#index] ?? "")
    ) {
      this.#index += 1;
    }
    return this.words.slice(begin, this.#index);
  }

  #normal(written: string): string {
    return this.syntax.underscores && written.startsWith("--") ? written.replaceAll("_", "-") : written;
  }

  /** The name in the list that is meant; undefined when none is. */
  #nameOf(written: string): string | undefined {
    const plain = this.syntax.keys ? written.replace(/\..*$/, "") : written;
    const name = this.#normal(plain);
    const positive = this.#positive(name);
    if (positive !== undefined) {
      return positive;
    }
    if (!this.syntax.abbreviates || !name.startsWith("--")) {
      return undefined;
    }
    const [first, ...others] = new Set(this.#begunBy(name).map((each) => this.list.flags[each]?.of ?? each));
    return others.length === 0 && first !== undefined ? this.#positive(first) : undefined;
  }

  /** Names that may be meant: those that begin so, the closest ones, or the longest that the word goes on from. */
  #near(written: string): readonly string[] {
    const begun = this.#begunBy(written);
    const close = begun.length > 0 && begun.length <= 3 ? begun : closest(written, this.#names());
    const shorter = this.#names().filter((name) => name.startsWith("--") && written.startsWith(name));
    return close.length > 0 ? close : shorter.sort((a, b) => b.length - a.length).slice(0, 1);
  }

  /** The names for which a beginning may stand. */
  #begunBy(name: string): readonly string[] {
    return this.syntax.abbreviates && name.startsWith("--")
      ? this.#names().filter((each) => each.startsWith(name))
      : [];
  }

  /** A name of the list, or that of the flag that `--no-…` turns off. */
  #positive(name: string): string | undefined {
    if (this.list.flags[name] !== undefined) {
      return name;
    }
    const turnedOff = name.replace(/^--no-/, "--");
    return turnedOff !== name && this.list.flags[turnedOff]?.kind === "bool" ? turnedOff : undefined;
  }

  /** All names that the version has. */
  #names(): readonly string[] {
    const byVersion = namesOf.get(this.list) ?? new Map<string, readonly string[]>();
    const version = `${this.version?.join(".")} ${this.syntax.abbreviates}`;
    const names =
      byVersion.get(version) ??
      Object.entries(this.list.flags)
        .filter(([, flag]) => stateOf(this.list, flag, this.version) === "there")
        .flatMap(([name, { kind }]) =>
          kind === "bool" && this.syntax.abbreviates ? [name, `--no-${name.slice(2)}`] : [name],
        );
    namesOf.set(this.list, byVersion.set(version, names));
    return names;
  }

  /** vLLM rewrites `-O3` and `-O.key` in its arguments. */
  #isOptimizationLevel(written: string): boolean {
    return this.syntax.keys === true && /^-O(\d|\.|$)/.test(written);
  }
}

/**
 * Whether a version has a flag. Between the last listed version without it and the first with it, it may have it.
 *
 * @param version undefined: any listed one has it
 */
function stateOf(
  { versions }: FlagList,
  { first, last, deprecated }: Flag,
  version: Version | undefined,
): "there" | "removed" | "too-new" {
  if (version === undefined) {
    return "there";
  }
  const reaches = (listed: string | undefined) =>
    listed !== undefined && isAtLeast(version, numbersOf(listed));
  const before = first === undefined ? undefined : versions[versions.indexOf(first) - 1];
  if (before !== undefined && !isBefore(numbersOf(before), version)) {
    return "too-new";
  }
  const after = last === undefined ? undefined : versions[versions.indexOf(last) + 1];
  const isRefused = deprecated === "fatal" && reaches(versions.at(-1));
  return isRefused || reaches(after) ? "removed" : "there";
}

/** The numbers of a version: `[0, 18, 0]` of `0.18.0`, `[7736]` of `b7736`. */
export function numbersOf(version: string): Version {
  return (version.match(/\d+/g) ?? []).map(Number);
}
