/**
 * Whether every path, or with `host` every host name, matches a regular expression: `.*`, `^/`, `^/(.*)$` and the like.
 *
 * `true` is never wrong if an expression without `^` and `$` may match anywhere in the text, as is usual. Expressions
 * that match everything in a less obvious way, such as `a|.*`, are not detected.
 */
export function matchesEverything(regex: string, over: "path" | "host"): boolean {
  if (/\\[^/]/.test(regex)) {
    return false;
  }
  const plain = regex.replace(/\(\?:|[()\\]/g, "");
  return (over === "path" ? EVERY_PATH : EVERY_HOST).test(plain);
}

/** A path has its slash, and both have at least one character. */
const EVERY_PATH = /^\^?(\/?\??\.\*\??\$?|\.\+\??\$?|\/?)$/;
const EVERY_HOST = /^\^?(\.[*+]\??\$?)?$/;
