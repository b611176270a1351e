import { many, model, parts, region, secondRegion } from "./example";
import type { Findings } from "./finding";

const LONG_DOMAIN = "models.platform.machine-learning.engineering.example.com";

/** How clients connect: encryption, names, certificates, and who is allowed. */
export const entry = {
  "certificate-missing": {
    severity: "error",
    sentence: "HTTPS needs a certificate, and nothing says which name to make one for.",
    example: "entry: { callers: unauthenticated, allow: [203.0.113.0/24] }",
    remedy:
      "Add `domain`, for which a certificate is made, or `certificateArn`. To try things out in the clear, write `protocol: unencrypted-http`.",
  },
  "unknown-tls-policy": {
    severity: "error",
    sentence: "Application Load Balancers have no security policy of this name.",
    example: "entry:\n  tlsPolicy: ELBSecurityPolicy-TLS14",
    remedy: "Correct the name, or leave it out for the policy that AWS recommends.",
  },
  "old-tls": {
    severity: "error",
    sentence: "The security policy lets clients use TLS 1.0 or 1.1, which are broken.",
    example: "entry:\n  tlsPolicy: ELBSecurityPolicy-2016-08",
    remedy: "Use a policy of TLS 1.2 or later, or leave it out.",
  },
  "domain-outside-zone": {
    severity: "error",
    sentence: "The hosted zone does not hold the domain, so its records could not be made there.",
    example: "entry:\n  hostedZone: example.org",
    remedy: "Name the zone that the domain ends with.",
  },
  "domain-too-long": {
    severity: "error",
    sentence: "The region's name under the domain is longer than a certificate or DNS takes.",
    example: `entry:\n  domain: ${LONG_DOMAIN}`,
    remedy: "Use a shorter domain, or give a certificate of your own as `certificateArn`.",
  },
  "allows-everyone": {
    severity: "error",
    sentence: "The block holds the whole internet, or a large part of it.",
    example: "entry:\n  allow: [0.0.0.0/0]",
    remedy: "List the blocks of your clients. If everyone is meant, write `allow: anyone-on-the-internet`.",
  },
  "allowed-in-one-region": {
    severity: "error",
    sentence:
      "A prefix list and a security group exist in one region, and this one is allowed in several. The others do not know its id.",
    example: parts("entry:", "  allow: [pl-0123456789abcdef0]", secondRegion()),
    remedy: "Write `allow` under each region's `entry`, with the ids of that region.",
  },
  "client-limit-unknown": {
    severity: "error",
    sentence:
      "A web ACL limits the requests of one client to what all instances serve, and nothing says how many one serves.",
    example: parts("entry:", "  waf: {}", model("scaling: { waitingRequestsPerInstance: 4 }")),
    remedy: "Write `requestsPerMinute`, or `capacity.requestsPerMinutePerInstance` of each model.",
  },
  "ipv6-not-served": {
    severity: "error",
    sentence: "A block of IPv6 addresses is allowed, but the load balancer speaks IPv4 only.",
    example: 'entry:\n  allow: ["2001:db8::/32"]',
    remedy: "Add `dualStack: true`, or remove the block.",
  },
  "too-many-allowed-ranges": {
    severity: "error",
    sentence:
      "Each range and each security group takes a rule of the load balancer's security group at each port, and AWS limits their number. A prefix list takes as many rules as it may have entries, which a plan asks AWS for.",
    example: `entry:\n  allow: [${many(31, (index) => `203.0.113.${index}/32`)}]`,
    remedy:
      "Allow fewer and larger ranges. Port 80, which only redirects, takes as many rules as port 443: `redirectHttp: false` takes it away. With a global endpoint, `health: { requests: false }` does so with the rules of the health checkers.",
  },
  "too-many-outbound-rules": {
    severity: "error",
    sentence:
      "The load balancer's security group has an outbound rule for each port of each variant, and AWS limits their number.",
    example: model(`variants: { ${many(61, (index) => `v${index}: { weight: 1 }`)} }`),
    remedy:
      "Serve fewer models or variants in the region, or leave Target Optimizer out: it takes a second port.",
  },
  "only-private-clients": {
    severity: "warning",
    sentence:
      "Only private addresses are allowed, but clients come over the internet with public ones. Nobody could connect.",
    example: "entry:\n  allow: [10.0.0.0/8]",
    remedy:
      "Allow the public addresses of your clients, or write `scheme: internal` if they come from the VPC.",
  },
  "log-prefix-refused": {
    severity: "error",
    sentence: "AWS does not take this folder for the load balancer's logs.",
    example: "entry:\n  logs: { prefix: /chat/ }",
    remedy: "Write the folder without a slash at either end, and without `AWSLogs`.",
  },
  "log-bucket-for-several-regions": {
    severity: "error",
    sentence:
      "A load balancer writes logs to a bucket of its own region only, and this bucket is named for several regions.",
    example: parts("entry:", "  logs: { bucket: example-logs }", secondRegion()),
    remedy:
      "Write a bucket under each region's `entry.logs`, or leave it out: then one is made in each region.",
  },
  "idle-timeout-too-short": {
    severity: "error",
    sentence:
      "A model may stay silent for longer than the load balancer waits. Clients would get 504 while it still works.",
    example: "entry:\n  idleTimeout: 60s",
    remedy: "Raise `idleTimeout` or leave it out, or write a shorter `longestSilence` for the model.",
  },
  "model-left-out": {
    severity: "error",
    sentence: "The model that answers when no route matches is not served in this region.",
    example: parts("entry:", "  default: llama", region("models: { llama: false }")),
    remedy: "Serve the model there, or write another `default` under the region's `entry`.",
  },
} as const satisfies Findings;
