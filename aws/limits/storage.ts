import type { NumberLimit, TextLimit } from "./limit";

/** Name of an S3 bucket. */
export const BUCKET_NAME = {
  minLength: 3,
  maxLength: 63,
  pattern: /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
  characters: "lower-case letters, digits, dots and hyphens, with a letter or digit at both ends",
  source: "General purpose bucket naming rules, S3 user guide",
} as const satisfies TextLimit;

/** Bucket names of allowed characters and length that S3 refuses. Each reason continues a sentence about the name. */
export const BUCKET_NAME_REFUSALS = {
  rules: [
    { pattern: /\.\.|\.-|-\./, reason: "holds a dot beside another dot or a hyphen" },
    { pattern: /^\d+\.\d+\.\d+\.\d+$/, reason: "is written like an IP address" },
    { pattern: /^(xn--|sthree-|amzn-s3-demo-)/, reason: "begins with a prefix that AWS reserves" },
    {
      pattern: /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/,
      reason: "ends with a suffix that AWS reserves",
    },
  ],
  source: "General purpose bucket naming rules, S3 user guide",
} as const;

/** Days after which a lifecycle rule acts: a positive 32-bit integer. */
export const LIFECYCLE_DAYS = {
  min: 1,
  max: 2_147_483_647,
  unit: "d",
  source: "S3 API, LifecycleExpiration, NoncurrentVersionExpiration",
} as const satisfies NumberLimit;

/** Replaced versions of an object that a lifecycle rule keeps whatever their age. */
export const NONCURRENT_VERSIONS_KEPT = {
  min: 1,
  max: 100,
  source: "S3 API, NoncurrentVersionExpiration",
} as const satisfies NumberLimit;
