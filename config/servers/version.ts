/** The numbers of a version, the major one first: `[0, 18]`. */
export type Version = readonly number[];

/** A version as text, e.g. `0.18`. */
export function versionText(version: Version, prefix = ""): string {
  return `${prefix}${version.join(".")}`;
}

/**
 * The version that the name of an image has, by the first pattern that matches. Undefined for an image without one, such as
 * one by its digest, and for images whose maker counts versions in another way.
 *
 * @param patterns each captures the numbers of a version in names of images
 */
export function versionIn(patterns: readonly RegExp[], image: string): Version | undefined {
  for (const pattern of patterns) {
    const [found, ...numbers] = pattern.exec(image) ?? [];
    if (found !== undefined) {
      return numbers.filter((text) => text !== undefined).map(Number);
    }
  }
  return undefined;
}

/** Whether a version is the same as another, or later. Numbers that it lacks count as 0: `1.9` may be 1.9.0. */
export function isAtLeast(version: Version, other: Version): boolean {
  const differing = other.findIndex((number, place) => (version[place] ?? 0) !== number);
  return differing === -1 || (version[differing] ?? 0) > (other[differing] ?? 0);
}
