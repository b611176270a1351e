/** A version of a server, as the tags of its official image have it. */
export interface ServerVersion {
  /** Finds the version's numbers in the name of an image, the major one first. It does not match other images. */
  readonly tag: RegExp;
  readonly numbers: readonly number[];
  /** Text before the numbers. Default: none. */
  readonly prefix?: string;
}

/** The version as text, e.g. `0.18`. */
export function versionText({ numbers, prefix = "" }: ServerVersion): string {
  return `${prefix}${numbers.join(".")}`;
}

/** Whether an image is older, by its tag. False for an image without a version in its tag. */
export function isBefore({ tag, numbers }: ServerVersion, image: string): boolean {
  const [, ...found] = tag.exec(image)?.map(Number) ?? [];
  const differing = numbers.findIndex((number, place) => found[place] !== number);
  return (found[differing] ?? Number.POSITIVE_INFINITY) < (numbers[differing] ?? 0);
}
