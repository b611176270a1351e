/** The entries of a map in the order of their keys, which no locale changes. */
export function sortedEntries<T>(map: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
