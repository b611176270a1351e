/** Address blocks that are not routed on the internet. A client with such an address is in a private network. */
export const PRIVATE_ADDRESSES = {
  blocks: ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
  source: "RFC 1918, section 3; RFC 6598, section 7; RFC 4193, section 3",
} as const;
