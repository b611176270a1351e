/** A text that a pattern of a rule matches: `/llama/*` has `/llama/any`. */
export function exampleOfGlob(glob: string): string {
  return glob.replaceAll("*", "any").replaceAll("?", "x");
}

/** What clients of a model ask most, and what is therefore the clearest example. */
export const CLEAREST = "chat/completions";

/**
 * A text that a regular expression matches, for the forms that rules have: groups of words, `?`, `[^/]*` and `.*`. Of
 * other forms it may be none: whoever uses it looks.
 */
export function exampleOfRegex(regex: string): string {
  let text = regex.replace(/^\^/, "").replace(/\$$/, "");
  for (let inner = INNERMOST.exec(text); inner !== null; inner = INNERMOST.exec(text)) {
    const [all, group = "", times] = inner;
    const words = group.replace(/^\?:/, "").split("|");
    const clearest = words.find((word) => word.includes(CLEAREST));
    const word = times === "?" || times === "*" ? (clearest ?? "") : (clearest ?? words[0] ?? "");
    text = text.slice(0, inner.index) + word + text.slice(inner.index + all.length);
  }
  const [first = "", ...others] = text.split("|");
  return (others.find((word) => word.includes(CLEAREST)) ?? first)
    .replaceAll(/\[\^[^\]]*\][*+]?/g, "any")
    .replaceAll(/\.[*+]/g, "any")
    .replaceAll(/\[(.)[^\]]*\][*+?]?/g, "$1")
    .replaceAll(/\\(.)/g, "$1");
}

/** A group that has none within, and how often it may be there. A `[…]` may have parentheses of its own. */
const INNERMOST = /\(((?:[^()\\]|\\.)*)\)([?*+]?)/;
