/**
 * Sentences on resources, `stack: address sentence`, with one line for all of which the same is said: that of the first,
 * and how many more there are.
 */
export function grouped(notes: readonly string[]): readonly string[] {
  const byPredicate = new Map<string, string[]>();
  for (const note of notes) {
    const [, resource = "", predicate = ""] = /^(\S+: \S+) (.*)$/s.exec(note) ?? [undefined, note];
    byPredicate.set(predicate, [...(byPredicate.get(predicate) ?? []), resource]);
  }
  return [...byPredicate].map(([predicate, [first, ...others]]) =>
    [`${first}${others.length === 0 ? "" : ` (and ${others.length} more)`}`, predicate].join(" ").trimEnd(),
  );
}
