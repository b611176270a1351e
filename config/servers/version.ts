/** A version of a server, by the tags of its own image. */
export interface ServerVersion {
  /** Finds the numbers in the name of an image, the first of them first; nothing in images of other makes. */
  readonly tag: RegExp;
  readonly numbers: readonly number[];
  /** What is written before them. Default: nothing. */
  readonly prefix?: string;
}

/** As people write it. */
export function versionText({ numbers, prefix = "" }: ServerVersion): string {
  return `${prefix}${numbers.join(".")}`;
}

/** Whether an image is older by its tag; one without a version in it may be anything. */
export function isBefore({ tag, numbers }: ServerVersion, image: string): boolean {
  const [, ...found] = tag.exec(image)?.map(Number) ?? [];
  const differing = numbers.findIndex((number, place) => found[place] !== number);
  return (found[differing] ?? Number.POSITIVE_INFINITY) < (numbers[differing] ?? 0);
}
