import { type Flag, type FlagList, type FlagLists, numbersOf } from "../../config/servers/flags";
import { compareVersions } from "../../config/servers/version";

/** A list with one more version, and what that changes against the version before it. */
export interface Changed {
  readonly list: FlagList;
  /** Names that the version before did not have. */
  readonly added: readonly string[];
  /** Names that only the version before has. */
  readonly gone: readonly string[];
}

/**
 * Adds a version to a list, or reads it again.
 *
 * @param read the flags of that version
 * @param date day of the reading
 */
export function withVersion(
  list: FlagList,
  version: string,
  read: Readonly<Record<string, Flag>>,
  date: string,
): Changed {
  const versions = [...new Set([...list.versions, version])].sort((a, b) =>
    compareVersions(numbersOf(a), numbersOf(b)),
  );
  const isNewest = versions.at(-1) === version;
  const before = versions[versions.indexOf(version) - 1] ?? version;
  const names = [...new Set([...Object.keys(list.flags), ...Object.keys(read)])].sort();
  const had = (name: string, each: string) => versionsWith(list, name).includes(each);
  const flags = names.flatMap((name): [string, Flag][] => {
    const there = versions.filter((each) => (each === version ? read[name] !== undefined : had(name, each)));
    const [first] = there;
    const last = there.at(-1);
    if (first === undefined || last === undefined) {
      return [];
    }
    const { first: _first, last: _last, ...known } = list.flags[name] ?? {};
    const described = isNewest ? { ...known, ...read[name] } : { ...read[name], ...known };
    return [
      [
        name,
        {
          ...described,
          ...(first === versions[0] ? {} : { first }),
          ...(last === versions.at(-1) ? {} : { last }),
        },
      ],
    ];
  });
  return {
    list: { ...list, date, versions, flags: Object.fromEntries(flags) },
    added: Object.keys(read).filter((name) => !had(name, before)),
    gone: names.filter((name) => had(name, before) && read[name] === undefined),
  };
}

function versionsWith({ versions, flags }: FlagList, name: string): readonly string[] {
  const flag = flags[name];
  if (flag === undefined) {
    return [];
  }
  const from = flag.first === undefined ? 0 : versions.indexOf(flag.first);
  const to = flag.last === undefined ? versions.length : versions.indexOf(flag.last) + 1;
  return versions.slice(from, to);
}

/** The text of the file: a flag on a line of its own, so that a change of a few is a small one. */
export function listsText(lists: FlagLists): string {
  const servers = Object.entries(lists).map(([server, { source, date, versions, flags }]) => {
    const head = Object.entries({ source, date, versions }).map(
      ([name, value]) => `    ${JSON.stringify(name)}: ${spaced(value)},\n`,
    );
    const lines = Object.entries(flags).map(
      ([name, flag]) => `      ${JSON.stringify(name)}: ${spaced(flag)}`,
    );
    return `  ${JSON.stringify(server)}: {\n${head.join("")}    "flags": {\n${lines.join(",\n")}\n    }\n  }`;
  });
  return `{\n${servers.join(",\n")}\n}\n`;
}

/** JSON on one line, with spaces as the formatter has them. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(spaced).join(", ")}]`;
  }
  return typeof value === "object" && value !== null
    ? `{ ${Object.entries(value)
        .map(([name, inner]) => `${JSON.stringify(name)}: ${spaced(inner)}`)
        .join(", ")} }`
    : JSON.stringify(value);
}
