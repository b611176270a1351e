import type { TextLimit } from "../../aws/limits";

/** A range of IPv4 addresses. EC2 also refuses a range that begins between two of its size; Terraform says so when it plans. */
export const IPV4_RANGE: TextLimit = {
  minLength: 9,
  maxLength: 18,
  pattern: /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(3[0-2]|[12]?\d)$/,
  characters: "a range of IPv4 addresses",
  source: "EC2 API, IpRange",
};

/** A range of IPv6 addresses. */
export const IPV6_RANGE: TextLimit = {
  minLength: 4,
  maxLength: 43,
  pattern: /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*\/(12[0-8]|1[01]\d|\d?\d)$/,
  characters: "a range of IPv6 addresses",
  source: "EC2 API, Ipv6Range",
};
