import type { NumberLimit, TextLimit } from "./limits/limit";

/** Name of an accelerator. */
export const ACCELERATOR_NAME = {
  minLength: 1,
  maxLength: 64,
  pattern: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  characters: "letters, digits, dots and hyphens, with a letter or digit at both ends",
  source: "Global Accelerator API, CreateAccelerator",
} as const satisfies TextLimit;

/** Port ranges of one listener. */
export const ACCELERATOR_PORT_RANGES = {
  min: 1,
  max: 10,
  source: "Global Accelerator API, CreateListener",
} as const satisfies NumberLimit;

/** Folder of the flow logs in their bucket. */
export const ACCELERATOR_LOG_PREFIX = {
  minLength: 1,
  maxLength: 255,
  source: "Global Accelerator API, UpdateAcceleratorAttributes",
} as const satisfies TextLimit;

/** Per cent of the clients near a region that Global Accelerator sends there. */
export const TRAFFIC_DIAL = {
  min: 0,
  max: 100,
  default: 100,
  unit: "%",
  source: "Global Accelerator API, CreateEndpointGroup, TrafficDialPercentage",
} as const satisfies NumberLimit;

/** Weight of an endpoint among the others of its group. */
export const ENDPOINT_WEIGHT = {
  min: 0,
  max: 255,
  default: 128,
  source: "Global Accelerator API, EndpointConfiguration",
} as const satisfies NumberLimit;

/** Seconds until Global Accelerator sends new connections elsewhere, after a load balancer becomes unhealthy. */
export const ACCELERATOR_FAILOVER = {
  seconds: 30,
  source: "Global Accelerator developer guide, How failover works for unhealthy endpoints",
} as const;

/**
 * The one region in which CloudWatch has the metrics of Global Accelerator, wherever the endpoints are, and the seconds
 * between two values.
 */
export const ACCELERATOR_METRICS = {
  region: "us-west-2",
  periodSeconds: 60,
  source: "Global Accelerator developer guide, Using Amazon CloudWatch with AWS Global Accelerator",
} as const;

/** Regions whose load balancers can be endpoints of Global Accelerator. AWS may have added others since. */
export const ACCELERATOR_REGIONS = {
  names: [
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  source: "Global Accelerator developer guide, AWS Region availability for AWS Global Accelerator",
} as const;

/** Zones, by their ids, whose load balancers cannot be endpoints of Global Accelerator. */
export const ACCELERATOR_EXCLUDED_ZONES = {
  ids: ["apne1-az3", "cac1-az3", "usw1-az2"],
  source: "Global Accelerator developer guide, AWS Region availability for AWS Global Accelerator",
} as const;
