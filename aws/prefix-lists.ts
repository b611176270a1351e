/**
 * Rules of a security group that a rule for an AWS-managed prefix list counts as, by the list's name, for lists that
 * clients may be in. One that a customer made counts as its maximum number of entries.
 */
export const PREFIX_LIST_WEIGHTS = {
  rules: {
    "com.amazonaws.global.cloudfront.origin-facing": 55,
    "com.amazonaws.global.ipv6.cloudfront.origin-facing": 55,
  },
  source: "VPC user guide, AWS-managed prefix lists, AWS-managed prefix list weight",
} as const;
