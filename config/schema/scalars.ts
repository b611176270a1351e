import ipaddr from "ipaddr.js";
import * as z from "zod";
import type { ArnForm } from "../../aws/arn";
import { BUCKET_NAME, METADATA_TAG_KEY, type NumberLimit, TAG_VALUE } from "../../aws/limits";
import { isLogRetention, nearestLogRetention } from "../../aws/log-retention";
import {
  formatDuration,
  parseCount,
  parseDuration,
  parseInstant,
  parseSize,
  SECONDS_PER_DAY,
} from "../units";
import { finding } from "./errors/codes";

/** Form of a duration. An `id` is the part's name in the JSON Schema, which has the part once. */
const durationText = z.string().meta({
  id: "duration",
  description:
    "A length of time in whole days, hours, minutes and seconds, the larger unit first: `90s`, `5m`, `1h30m`, `7d`.",
  pattern: "^(?=\\d)(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$",
  patternErrorMessage: "Write a duration as 90s, 5m or 1h.",
});

const sizeText = z.string().meta({
  id: "size",
  description: "An amount of memory or disk in `MiB`, `GiB` or `TiB`: `16GiB`, `1.5TiB`.",
  pattern: "^\\d+(\\.\\d+)?(TiB|GiB|MiB)$",
  patternErrorMessage: "Write a size as 16GiB or 1TiB.",
});

const countText = z.string().meta({
  id: "count",
  description:
    "A number, with `K`, `M`, `B` or `T` for thousands, millions, billions or trillions: `8B`, `560M`.",
  pattern: "^(\\d+(\\.0+)?|\\d+(\\.\\d+)?[KMBTkmbt])$",
  patternErrorMessage: "Write a count as 8B or 560M.",
});

const nameText = z.string().meta({
  id: "name",
  description:
    "1–32 characters of a-z, 0-9 and single hyphens. The first is a letter, the last is no hyphen.",
  pattern: "^(?=.{1,32}$)[a-z](-?[a-z0-9])*$",
  patternErrorMessage: "Use a-z, 0-9 and single hyphens, a letter first.",
});

const cidrText = z.string().meta({
  id: "cidr",
  description: "A block of IP addresses without host bits: `10.0.0.0/16`, `2001:db8::/32`.",
  pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$",
  patternErrorMessage: "Write a CIDR block as 10.0.0.0/16.",
});

function written(form: z.ZodString, parse: (text: string) => number | undefined, wanted: string) {
  return form.transform((text, context) => {
    const value = parse(text);
    if (value === undefined) {
      context.addIssue({ code: "custom", message: `"${text}" is not ${wanted}` });
      return z.NEVER;
    }
    return value;
  });
}

/** A duration, written `90s`, `5m` or `1h`, and parsed to whole seconds. */
export function duration(limit?: NumberLimit) {
  const parsed = written(durationText, parseDuration, "a duration; write it as 90s, 5m or 1h");
  return limit
    ? parsed.refine((seconds) => seconds >= limit.min && seconds <= limit.max, {
        ...finding("out-of-range"),
        error: ({ input }) =>
          `must be ${range(limit)}; got ${formatDuration(Number(input))} (${limit.source})`,
      })
    : parsed;
}

const instantText = z.string().meta({
  id: "instant",
  description: "An instant, in UTC or with an offset: `2027-03-12T11:30:00Z`, `2027-03-12T12:30:00+01:00`.",
  pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2})$",
  patternErrorMessage: "Write an instant as 2027-03-12T11:30:00Z.",
});

/** An instant, parsed to whole seconds since the beginning of 1970. */
export const instant = () =>
  written(instantText, parseInstant, "an instant; write it as 2027-03-12T11:30:00Z");

/** Retention in CloudWatch Logs: a duration of as many days as AWS allows. */
export const retention = () =>
  duration().refine((seconds) => isLogRetention(seconds / SECONDS_PER_DAY), {
    ...finding("retention-refused"),
    error: ({ input }) => {
      const days = Number(input) / SECONDS_PER_DAY;
      const near = nearestLogRetention(days).map((each) => `${each}d`);
      return `CloudWatch keeps logs for certain numbers of days only, and ${days} is none of them; nearest: ${near.join(", ")}`;
    },
  });

/** An amount of memory or disk, written `16GiB`, and parsed to GiB. */
export const size = () => written(sizeText, parseSize, "a size; write it as 16GiB or 1TiB");

/** A count of parameters, written `8B` or `560M`. */
export const count = () => written(countText, parseCount, "a count; write it as 8B or 560M");

/** Both ends of a range as they are written in `serving.yaml`: `5s–5m`, `1–65535`. */
export function range({ min, max, unit }: Pick<NumberLimit, "min" | "max" | "unit">): string {
  return unit === "s" ? `${formatDuration(min)}–${formatDuration(max)}` : `${min}–${max}`;
}

/** A whole number within what AWS accepts. */
export function whole(limit: Pick<NumberLimit, "min" | "max">) {
  return z.int().min(limit.min).max(limit.max);
}

/**
 * A name that becomes part of AWS resource names and Terraform addresses.
 * It must be shorter than AWS requires, so that the names derived from it stay readable.
 */
export function name() {
  return nameText.superRefine((text, context) => {
    const message = nameDiagnostic(text);
    if (message) {
      context.addIssue({ code: "custom", message, ...finding("malformed-name") });
    }
  });
}

/** Letters of other alphabets that look like a Latin one in most fonts. Source: Unicode Technical Standard 39, confusables. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map(
  [..."аеорсухіѕјһԁӏνοα"].map((letter, index) => [letter, "aeopcyxisjhdlvoa"[index] ?? ""]),
);

function nameDiagnostic(text: string): string | undefined {
  const odd = [...text].find((character) => !/[a-z0-9-]/.test(character));
  if (odd !== undefined) {
    const point = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const twin = LOOK_ALIKES.get(odd);
    const looks = twin === undefined ? "" : `, which looks like "${twin}"`;
    const shown = /[\x21-\x7e]/.test(odd) ? `"${odd}"` : `"${odd}", U+${point}${looks}`;
    const folded = [...text]
      .map((character) => LOOK_ALIKES.get(character) ?? character)
      .join("")
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
    const hint = /^[a-z]/.test(folded) && folded !== text ? `; write "${folded}"` : "";
    return `"${text}" may hold only a-z, 0-9 and hyphens (found ${shown})${hint}`;
  }
  if (!/^[a-z]/.test(text)) {
    return `"${text}" must start with a letter a-z`;
  }
  if (text.endsWith("-") || text.includes("--")) {
    return `"${text}" must not end with a hyphen or hold two in a row`;
  }
  return text.length > 32 ? `"${text}" has ${text.length} characters; the limit is 32` : undefined;
}

/** What clients may be in, beside a block of addresses, by what its id begins with. */
const CLIENT_GROUPS = { pl: "a prefix list", sg: "a security group" } as const;

const clientsText = z.string().meta({
  id: "clients",
  description:
    "Where clients are: a CIDR block, the id of a managed prefix list as `pl-0123456789abcdef0`, or that of a security group as `sg-0123456789abcdef0`, whose members come with their private addresses.",
  pattern: "^([0-9a-fA-F.:]+/[0-9]{1,3}|(pl|sg)-[0-9a-f]{8,17})$",
  patternErrorMessage: "Write a CIDR block as 203.0.113.0/24, or an id as pl-0123456789abcdef0.",
});

const destinationText = z.string().meta({
  id: "destination",
  description:
    "Where connections go: a CIDR block, the id of a managed prefix list as `pl-0123456789abcdef0`, or that of a security group as `sg-0123456789abcdef0`.",
  pattern: "^([0-9a-fA-F.:]+/[0-9]{1,3}|(pl|sg)-[0-9a-f]{8,17})$",
  patternErrorMessage: "Write a CIDR block as 203.0.113.0/24, or an id as sg-0123456789abcdef0.",
});

/** Clients: a block of addresses without host bits, the id of a prefix list, or that of a security group. */
export const clients = () => addressed(clientsText);

/** Where connections go, in the same forms. */
export const destination = () => addressed(destinationText);

function addressed(form: z.ZodString) {
  return form.superRefine((text, context) => {
    const [prefix = "", id = ""] = text.split(/-(.*)/s);
    const group = prefix === "pl" || prefix === "sg" ? CLIENT_GROUPS[prefix] : undefined;
    const message =
      group === undefined
        ? cidrDiagnostic(text, "clients")
        : /^[0-9a-f]{8,17}$/.test(id)
          ? undefined
          : `"${text}" is not the id of ${group}; write it as ${prefix}-0123456789abcdef0`;
    if (message) {
      context.addIssue({ code: "custom", message });
    }
  });
}

/**
 * An IPv4 or IPv6 block without host bits.
 *
 * @param of what the block is of. A single address is a block of clients, and none of a VPC
 */
export function cidr(of: "clients" | "VPC" = "clients") {
  return cidrText.superRefine((text, context) => {
    const message = cidrDiagnostic(text, of);
    if (message) {
      context.addIssue({ code: "custom", message });
    }
  });
}

function cidrDiagnostic(text: string, of: "clients" | "VPC"): string | undefined {
  if (of === "clients" && (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text))) {
    const address = ipaddr.parse(text);
    return `"${text}" is a single address; write it as ${address}/${address.kind() === "ipv4" ? 32 : 128}`;
  }
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) {
    return `"${text}" is not a CIDR block; write it as 10.0.0.0/16`;
  }
  const [address, prefix] = ipaddr.parseCIDR(text);
  const network = (
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(text)
      : ipaddr.IPv6.networkAddressFromCIDR(text)
  ).toString();
  if (address.toString() !== network) {
    return `${text} has host bits set; did you mean ${network}/${prefix}?`;
  }
  return text === `${network}/${prefix}`
    ? undefined
    : `${text} is not in the short form that AWS shows; write ${network}/${prefix}`;
}

/** An Amazon Resource Name of one kind, in the form that the constructs require. */
export function arn({ of, pattern, example }: ArnForm) {
  return z.string().regex(pattern, {
    error: ({ input }) => `"${input}" is no ARN of ${of}; write it as ${example}`,
  });
}

/** An object in S3, `s3://bucket/key`. A check refuses the few buckets that S3 refuses despite their form. */
export function storedObject(example: string) {
  return z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/(?!\/)\S{0,1023}[^\s/]$/, {
    error: ({ input }) => `"${input}" is no object in S3; write it as ${example}`,
  });
}

/** The name of an S3 bucket. A check refuses the few names that S3 refuses despite their form. */
export const bucketName = () =>
  z
    .string()
    .min(BUCKET_NAME.minLength)
    .max(BUCKET_NAME.maxLength)
    .regex(BUCKET_NAME.pattern, {
      error: ({ input }) => `"${input}" is not a bucket name: a-z, 0-9, hyphens and dots`,
    });

/** An identifier that AWS made, such as `vpc-0abc1234`. */
export function awsId(prefix: string) {
  return z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), {
    error: ({ input }) => `"${input}" is not an id of the form ${prefix}-0123456789abcdef0`,
  });
}

/**
 * Tags as AWS takes them: keys of 1–128 characters that do not start with `aws:`, values up to 256. Keys are
 * narrower than elsewhere because instances read their tags from instance metadata, which takes no spaces or slashes.
 */
export const tags = z
  .record(
    z
      .string()
      .regex(METADATA_TAG_KEY.pattern, {
        error: ({ input }) => `tag "${input}": a key may hold letters, digits and + - = . , _ : @ only`,
      })
      .refine((key) => !key.toLowerCase().startsWith("aws:"), {
        ...finding("tag-key-refused"),
        error: ({ input }) => `tag "${input}": keys that start with "aws:" are reserved for AWS`,
      }),
    z.string().max(TAG_VALUE.maxLength),
  )
  .meta({ id: "tags" });

type Shape = Record<string, z.ZodType>;
type Defaults<S extends Shape> = { readonly [K in keyof S]?: z.input<S[K]> };
type WithDefaults<S extends Shape, D> = {
  [K in keyof S]: K extends keyof D ? z.ZodPrefault<S[K]> : z.ZodOptional<S[K]>;
};

/**
 * Fields that are used in more than one place. The JSON Schema has each once, under a name.
 *
 * @param prefix of these names
 */
export function shared<S extends Shape>(prefix: string, fields: S): S {
  const named = Object.entries(fields).map(([key, field]) => [key, field.meta({ id: `${prefix}${key}` })]);
  return Object.fromEntries(named) as S;
}

/**
 * Makes all fields optional. A field has a default if one is given, and is absent otherwise. The given fields do not
 * change, so that an override can be built from them without defaults.
 */
export function optionalFields<S extends Shape, const D extends Defaults<S>>(fields: S, defaults: D) {
  const entries = Object.entries(fields).map(([key, field]) => {
    const value = (defaults as Record<string, unknown>)[key];
    return [key, value === undefined ? field.optional() : field.prefault(value as never)];
  });
  return Object.fromEntries(entries) as WithDefaults<S, D>;
}
