import * as z from "zod";
import { regionCodes } from "../../../aws/regions";
import { coreOf, defOf } from "../walk";

type Schema = z.core.$ZodType;

/** Texts and numbers of every form the file knows, the likeliest first, the ends of ranges among them. */
const SCALARS: readonly unknown[] = [
  ...["stand-in", "STAND_IN", "/stand-in", "stand-in.example.com", "stand-in@example.com"],
  ...["stand-in-2", "STAND_IN_2"],
  ...["5m", "1h", "30s", "1s", "0s", "120s", "600s", "900s", "2h", "4000s", "1d", "7d", "90d", "365d"],
  ...["16GiB", "200GiB", "1TiB", "1MiB", "8B", "70B"],
  ...["10.0.0.0/16", "2001:db8::/32", "s3://stand-in/v1/", "Z0123456789EXAMPLE"],
  ...["vpc", "subnet", "ami", "cr"].map((kind) => `${kind}-0123456789abcdef0`),
  ...["acm", "kms", "secretsmanager", "sns", "resource-groups"].map(
    (service) => `arn:aws:${service}:us-east-1:123456789012:stand-in`,
  ),
  "docker run stand-in/stand-in:1.0",
  "us-east-1",
  ...regionCodes,
  ...[2, 1, 3, 0, 10, 100, 0.5, 1000, 3000, 8000, 1_000_000],
];

/**
 * Values that a schema accepts, of as many kinds as may make a difference: what could have been meant by one that
 * it does not accept. Of a mapping some with what it needs and some with all it may have, of a list one of one item.
 */
export function sampleValues(schema: Schema): readonly unknown[] {
  const known = FOUND.get(schema) ?? candidates(schema).filter((candidate) => accepts(schema, candidate));
  FOUND.set(schema, known);
  return known;
}

const FOUND = new WeakMap<Schema, readonly unknown[]>();

function accepts(schema: Schema, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

/** Whether the field of this schema may be left out. */
export function mayBeAbsent(schema: Schema): boolean {
  return accepts(schema, undefined);
}

function candidates(schema: Schema): readonly unknown[] {
  const core = coreOf(schema);
  const def = defOf(core);
  switch (def.type) {
    case "union":
      return def.options.flatMap(candidates);
    case "enum":
      return Object.values(def.entries);
    case "literal":
      return def.values;
    case "boolean":
      return [true, false];
    case "object":
      return [withRequired(def.shape), withAll(def.shape, 0), withAll(def.shape, -1)];
    case "array":
      return sampleValues(def.element)
        .slice(0, 1)
        .map((item) => [item]);
    case "record":
      return sampleValues(def.valueType).map((inner) => ({ [String(sampleValues(def.keyType)[0])]: inner }));
    default:
      return [...ends(core), ...SCALARS];
  }
}

function withRequired(shape: Readonly<Record<string, Schema>>): unknown {
  const required = Object.entries(shape).filter(([, field]) => !mayBeAbsent(field));
  return Object.fromEntries(required.map(([name, field]) => [name, sampleValues(field)[0]]));
}

/** With every field, its value the first or the last of those it may have; mappings with every field of theirs. */
function withAll(shape: Readonly<Record<string, Schema>>, which: 0 | -1): unknown {
  const fields = Object.entries(shape).map(([name, field]) => {
    const isMapping = defOf(coreOf(field)).type === "object";
    return [name, sampleValues(field).at(isMapping ? -1 : which)];
  });
  return Object.fromEntries(fields);
}

/** The ends of the range that a number may have. */
function ends(core: Schema): readonly unknown[] {
  const { minimum, maximum } = core._zod.bag as Record<string, unknown>;
  return [minimum, maximum].filter((end) => typeof end === "number");
}
