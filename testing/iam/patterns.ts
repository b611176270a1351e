/**
 * Stands for one character or more that only an apply shows, where a text has a reference of Terraform. No policy contains
 * this character.
 */
export const UNKNOWN = "\u{fffc}";

/** One place of a pattern: which characters it takes, once, or any number of times. */
interface Place {
  /** A character; `any`; `no colon`, or `no separator`: neither a colon nor a slash. */
  readonly takes: string;
  readonly repeats: boolean;
}

/**
 * Whether some ARN is both of a resource type and named by a `Resource` of a policy. In the ARN of a type `${Name}` is one
 * character or more; in a `Resource` `*` is any text, `?` is one character, and {@link UNKNOWN} is one character or more, none of them a
 * colon or a slash.
 *
 * @param type e.g. `arn:${Partition}:s3:::${BucketName}/${ObjectName}`
 */
export function mayBeOfType(resource: string, type: string): boolean {
  const named = parts(resource);
  const typed = parts(type);
  return (
    named.length === typed.length &&
    named.every((part, index) => overlap(placesOfResource(part), placesOfType(typed[index] ?? "")))
  );
}

/** Whether every text that `narrow` describes is described by `wide` too. Both are patterns of policies. */
export function covers(wide: string, narrow: string): boolean {
  return expressionOf(wide).test(narrow);
}

const expressions = new Map<string, RegExp>();

/** A wildcard of the other pattern, and what is unknown in it, count as characters that only a wildcard covers. */
function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) {
    return known;
  }
  const source = [...pattern].map((character) => {
    switch (character) {
      case "*":
        return ".*";
      case "?":
        return "[^*]";
      case UNKNOWN:
        return "[^*?]+";
      default:
        return character.replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
    }
  });
  const made = new RegExp(`^${source.join("")}$`, "su");
  expressions.set(pattern, made);
  return made;
}

/** The six parts of an ARN, of which the last may contain colons; fewer for a text that is no ARN. */
export function parts(arn: string): readonly string[] {
  const all = arn.split(":");
  return all.length <= 6 ? all : [...all.slice(0, 5), all.slice(5).join(":")];
}

function placesOfResource(part: string): readonly Place[] {
  return [...part].flatMap((character): readonly Place[] => {
    switch (character) {
      case "*":
        return [{ takes: "any", repeats: true }];
      case "?":
        return [{ takes: "any", repeats: false }];
      case UNKNOWN:
        return oneOrMore("no separator");
      default:
        return [{ takes: character, repeats: false }];
    }
  });
}

function placesOfType(part: string): readonly Place[] {
  return part.split(/(\$\{\w+\}|\*)/).flatMap((piece, index, all): readonly Place[] => {
    if (piece === "*") {
      return [{ takes: "any", repeats: true }];
    }
    if (/^\$\{\w+\}$/.test(piece)) {
      return oneOrMore(charactersOf(piece, all.slice(index + 1).join("")));
    }
    return [...piece].map((character) => ({ takes: character, repeats: false }));
  });
}

/** A name contains no separator that follows it. The last one may contain any, as a key of S3 does. */
function charactersOf(name: string, rest: string): string {
  if (name === `\${BucketName}` || rest.startsWith("/")) {
    return "no separator";
  }
  return name === `\${LogGroupName}` || rest !== "" ? "no colon" : "any";
}

function oneOrMore(takes: string): readonly Place[] {
  return [
    { takes, repeats: false },
    { takes, repeats: true },
  ];
}

/** Whether some text fits both: a walk through all pairs of places that can be reached together. */
function overlap(a: readonly Place[], b: readonly Place[]): boolean {
  const width = b.length + 1;
  const seen = new Uint8Array((a.length + 1) * width);
  const open: [number, number][] = [[0, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [i, j] = next;
    if (i === a.length && j === b.length) {
      return true;
    }
    if (seen[i * width + j] === 1) {
      continue;
    }
    seen[i * width + j] = 1;
    const [left, right] = [a[i], b[j]];
    if (left?.repeats) {
      open.push([i + 1, j]);
    }
    if (right?.repeats) {
      open.push([i, j + 1]);
    }
    if (left && right && bothTake(left.takes, right.takes)) {
      open.push([left.repeats ? i : i + 1, right.repeats ? j : j + 1]);
    }
  }
  return false;
}

function bothTake(a: string, b: string): boolean {
  const [one, other] = [CLASSES[a], CLASSES[b]];
  return one && other ? true : one ? one(b) : other ? other(a) : a === b;
}

const CLASSES: Readonly<Record<string, (character: string) => boolean>> = {
  any: () => true,
  "no colon": (character) => character !== ":",
  "no separator": (character) => character !== ":" && character !== "/",
};
