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

/** Below 0 where the first version is the older one, above 0 where it is the newer one. Numbers left out are 0: `1.9` may be 1.9.0. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.length, b.length);
  const differences = Array.from({ length }, (_, index) => (a[index] ?? 0) - (b[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** Whether a version is known, and the same as another or later. Of no other version: it is. */
export function isAtLeast(version: Version | undefined, other: Version | undefined): boolean {
  return other === undefined || (version !== undefined && compareVersions(version, other) >= 0);
}

/** Whether a version is known, and older than another. Of no other version: it is not. */
export function isBefore(version: Version | undefined, other: Version | undefined): boolean {
  return version !== undefined && other !== undefined && compareVersions(version, other) < 0;
}
