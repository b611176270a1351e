/**
 * Whether every path, or with `host` every host name, matches a regular expression: `.*`, `^/`, `^/(.*)$` and the like.
 *
 * `true` is never wrong, given that an expression may match anywhere in the text, as one without `^` and `$` does
 * elsewhere. Those that are universal in a less plain way, as `a|.*`, are not known.
 */
export function matchesEverything(regex: string, over: "path" | "host"): boolean {
  if (/\\[^/]/.test(regex)) {
    return false;
  }
  const plain = regex.replace(/\(\?:|[()\\]/g, "");
  return (over === "path" ? EVERY_PATH : EVERY_HOST).test(plain);
}

/** A path has its slash, and both have one letter at least. */
const EVERY_PATH = /^\^?(\/?\??\.\*\??\$?|\.\+\??\$?|\/?)$/;
const EVERY_HOST = /^\^?(\.[*+]\??\$?)?$/;
