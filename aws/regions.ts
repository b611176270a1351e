/** An AWS partition: the first part of an ARN after `arn:`. */
export type Partition = "aws" | "aws-us-gov" | "aws-cn";

/** Facts of a region that need no call to AWS. */
export interface Region {
  /** The code, e.g. `eu-west-1`. */
  readonly code: string;
  /** The name AWS shows, e.g. `Europe (Ireland)`. */
  readonly name: string;
  readonly partition: Partition;
  /**
   * The number of zones an account can rely on, when it is fewer than three; else `undefined`. Only
   * DescribeAvailabilityZones lists the zones of a given account.
   */
  readonly zonesMax?: number;
}

const COMMERCIAL: Readonly<Record<string, string>> = {
  "af-south-1": "Africa (Cape Town)",
  "ap-east-1": "Asia Pacific (Hong Kong)",
  "ap-east-2": "Asia Pacific (Taipei)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "ap-northeast-3": "Asia Pacific (Osaka)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-south-2": "Asia Pacific (Hyderabad)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "ap-southeast-3": "Asia Pacific (Jakarta)",
  "ap-southeast-4": "Asia Pacific (Melbourne)",
  "ap-southeast-5": "Asia Pacific (Malaysia)",
  "ap-southeast-6": "Asia Pacific (New Zealand)",
  "ap-southeast-7": "Asia Pacific (Thailand)",
  "ca-central-1": "Canada (Central)",
  "ca-west-1": "Canada West (Calgary)",
  "eu-central-1": "Europe (Frankfurt)",
  "eu-central-2": "Europe (Zurich)",
  "eu-north-1": "Europe (Stockholm)",
  "eu-south-1": "Europe (Milan)",
  "eu-south-2": "Europe (Spain)",
  "eu-west-1": "Europe (Ireland)",
  "eu-west-2": "Europe (London)",
  "eu-west-3": "Europe (Paris)",
  "il-central-1": "Israel (Tel Aviv)",
  "me-central-1": "Middle East (UAE)",
  "me-south-1": "Middle East (Bahrain)",
  "mx-central-1": "Mexico (Central)",
  "sa-east-1": "South America (São Paulo)",
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
};

const GOV_CLOUD: Readonly<Record<string, string>> = {
  "us-gov-east-1": "AWS GovCloud (US-East)",
  "us-gov-west-1": "AWS GovCloud (US-West)",
};

const CHINA: Readonly<Record<string, string>> = {
  "cn-north-1": "China (Beijing)",
  "cn-northwest-1": "China (Ningxia)",
};

/** us-west-1 has three zones, but AWS gives an account two of them ("AWS Global Infrastructure"). */
const ZONES_MAX: Readonly<Record<string, number>> = { "us-west-1": 2 };

function regionsOf(partition: Partition, names: Readonly<Record<string, string>>): readonly Region[] {
  return Object.entries(names).map(([code, name]) => ({ code, name, partition, zonesMax: ZONES_MAX[code] }));
}

const REGIONS: ReadonlyMap<string, Region> = new Map(
  [...regionsOf("aws", COMMERCIAL), ...regionsOf("aws-us-gov", GOV_CLOUD), ...regionsOf("aws-cn", CHINA)].map(
    (region) => [region.code, region],
  ),
);

/**
 * Every region this project supports, sorted by code: the commercial ones, GovCloud and China.
 *
 * GovCloud and China are supported because the same resources exist there and their names are public. The differences
 * (ARNs, no Global Accelerator in China) follow from {@link regionPartition}. The isolated partitions (`aws-iso*`) and
 * the European Sovereign Cloud are not supported: too little about their GPU types, AMIs and services is public to
 * check a file against. Source: partitions.json of the AWS SDKs (botocore 1.43.11).
 */
export const regionCodes: readonly string[] = [...REGIONS.keys()].sort();

/** The region with a code; `undefined` when it is not supported. */
export function region(code: string): Region | undefined {
  return REGIONS.get(code);
}

/** The partition of a region, for ARNs; `undefined` when the region is not supported. */
export function regionPartition(code: string): Partition | undefined {
  if (!isNewerThanList(code)) {
    return REGIONS.get(code)?.partition;
  }
  return code.startsWith("us-gov-") ? "aws-us-gov" : code.startsWith("cn-") ? "aws-cn" : "aws";
}

/** How AWS writes the codes of its regions: geography, direction, number. */
export const REGION_CODE = /^([a-z]{2}(?:-gov)?)-(central|(?:north|south)(?:east|west)?|east|west)-([1-9])$/;

/**
 * Whether a code may be one of a region that is newer than the list: the next of a geography that AWS has, such as
 * `ap-southeast-8` or `sa-west-1`.
 */
export function isNewerThanList(code: string): boolean {
  const [, geography, direction, number] = REGION_CODE.exec(code) ?? [];
  const alike = regionCodes.filter((known) => known.startsWith(`${geography}-${direction}-`));
  return (
    !REGIONS.has(code) &&
    Number(number) === alike.length + 1 &&
    regionCodes.some((known) => REGION_CODE.exec(known)?.[1] === geography)
  );
}
