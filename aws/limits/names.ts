import type { QuotaLimit, TextLimit } from "./limit";

/** Name of a log group. */
export const LOG_GROUP_NAME = {
  minLength: 1,
  maxLength: 512,
  pattern: /^[.\-_/#A-Za-z0-9]*$/,
  characters: "letters, digits and .-_/#",
  source: "CloudWatch Logs API, CreateLogGroup",
} as const satisfies TextLimit;

/** Namespace of metrics. AWS keeps those that begin with `AWS/` for itself. */
export const METRICS_NAMESPACE = {
  minLength: 1,
  maxLength: 255,
  pattern: /^(?!AWS\/)[A-Za-z0-9.\-_/#][A-Za-z0-9.\-_/#: ]*$/,
  characters: "letters, digits and .-_/#: and inner spaces, not beginning with a colon or AWS/",
  source: "CloudWatch API, PutMetricData; CloudWatch user guide, Metrics concepts, Namespaces",
} as const satisfies TextLimit;

/** Id of a hosted zone. */
export const HOSTED_ZONE_ID = {
  minLength: 2,
  maxLength: 32,
  pattern: /^Z[A-Z0-9]*$/,
  characters: "capital letters and digits, beginning with Z",
  source: "Route 53 API, ResourceId",
} as const satisfies TextLimit;

/** Name of a resource group. AWS keeps names that begin with `aws` for itself. */
export const RESOURCE_GROUP_NAME = {
  minLength: 1,
  maxLength: 300,
  pattern: /^(?!aws)[a-zA-Z0-9_.-]*$/i,
  characters: "letters, digits and _.-, not beginning with aws",
  source: "Resource Groups API, CreateGroup",
} as const satisfies TextLimit;

/** The value of a tag. */
export const TAG_VALUE = {
  minLength: 0,
  maxLength: 256,
  source: "Tag your AWS resources, Tagging AWS Resources user guide",
} as const satisfies TextLimit;

/** The key of a tag that an instance reads from its metadata. Other tags may hold more characters. */
export const METADATA_TAG_KEY = {
  minLength: 1,
  maxLength: 128,
  pattern: /^[A-Za-z0-9+\-=.,_:@]{1,128}$/,
  characters: "letters, digits and +-=.,_:@",
  source:
    "EC2 user guide, View tags for your EC2 instances using instance metadata; Tagging AWS Resources user guide",
} as const satisfies TextLimit;

/** Tags of one resource. */
export const TAGS_PER_RESOURCE = {
  max: 50,
  adjustable: false,
  source: "Tag your AWS resources, Tagging AWS Resources user guide",
} as const satisfies QuotaLimit;

/** The first name on a certificate, its common name. */
export const CERTIFICATE_NAME = {
  minLength: 1,
  maxLength: 64,
  source: "ACM API, RequestCertificate",
} as const satisfies TextLimit;

/** A DNS name, also as a further name of a certificate. */
export const DOMAIN_NAME = {
  minLength: 1,
  maxLength: 253,
  source: "RFC 1035, 2.3.4; ACM API, RequestCertificate",
} as const satisfies TextLimit;

/** A label: the part of a DNS name between two dots. */
export const DOMAIN_LABEL = {
  minLength: 1,
  maxLength: 63,
  source: "RFC 1035, 2.3.4",
} as const satisfies TextLimit;

/** Characters of a managed policy. White space does not count. */
export const MANAGED_POLICY = {
  max: 6144,
  adjustable: false,
  source: "IAM user guide, IAM and AWS STS quotas",
} as const satisfies QuotaLimit;

/** Managed policies of one role. */
export const POLICIES_PER_ROLE = {
  max: 10,
  adjustable: true,
  source: "IAM user guide, IAM and AWS STS quotas",
} as const satisfies QuotaLimit;

/** Name of an IAM role. */
export const ROLE_NAME = {
  minLength: 1,
  maxLength: 64,
  pattern: /^[A-Za-z0-9+=,.@_-]*$/,
  characters: "letters, digits and +=,.@_-",
  source: "IAM API, CreateRole",
} as const satisfies TextLimit;
