/** The text of a `SHA256SUMS`, as sha256sum writes it and the instances check it. */
export function manifestText(hashes: ReadonlyMap<string, string>): string {
  return [...hashes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sha256]) => `${sha256}  ${path}\n`)
    .join("");
}

/** Hashes by paths of a `SHA256SUMS`. Paths may begin with `./`, as `find` prints them. */
export function manifestEntries(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/gim)].map(([, sha256 = "", path = ""]) => [
      path,
      sha256.toLowerCase(),
    ]),
  );
}
