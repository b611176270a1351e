/** More than a file within AWS's limits asks for; so that what watches a file does not keep those of all its versions. */
const MOST_ANSWERS = 100_000;

/**
 * A pure function that remembers its answers. Every region has the same routes, and each pair of them is compared by
 * several checks.
 *
 * @param answer its arguments can be written as JSON
 */
export function remembered<A extends readonly unknown[], R extends boolean | object>(
  answer: (...given: A) => R,
): (...given: A) => R {
  const answers = new Map<string, R>();
  return (...given) => {
    const key = JSON.stringify(given);
    const known = answers.get(key);
    if (known !== undefined) {
      return known;
    }
    if (answers.size >= MOST_ANSWERS) {
      answers.clear();
    }
    const found = answer(...given);
    answers.set(key, found);
    return found;
  };
}
