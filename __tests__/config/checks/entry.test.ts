import { testRules } from "../../support/rule-cases";

const DOMAIN = "domain: models.example.com";
const PLAIN = "protocol: unencrypted-http";
const EUROPE = "models:\n  llama:";
const TWO_REGIONS: readonly [string, string] = [
  EUROPE,
  `  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\n${EUROPE}`,
];
const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;

describe("HTTPS", () => {
  testRules([
    {
      name: "[https-no-cert] without a certificate",
      changes: [[DOMAIN, "protocol: ▸https"]],
      expected: [
        "error  entry.protocol  certificate-missing  HTTPS needs a certificateArn or a domain; without either, write protocol: unencrypted-http",
      ],
    },
    {
      name: "without a certificate, and without a word",
      changes: [[`entry:\n  ${DOMAIN}`, "▸entry:"]],
      expected: ["error  entry.protocol  certificate-missing"],
    },
    {
      name: "with a certificate of one's own",
      changes: [[DOMAIN, `certificateArn: ${arn("us-east-1")}`]],
      expected: [],
    },
    {
      name: "[cert-region] with a certificate of another region",
      changes: [[DOMAIN, `certificateArn: ▸${arn("eu-west-1")}`]],
      expected: [
        "error  entry.certificateArn  in-another-region  the certificate is in eu-west-1; the load balancer in us-east-1 needs one of its own region: write it under regions.us-east-1.entry, or give a domain",
      ],
    },
    {
      name: "with a certificate of its own in each region",
      changes: [
        [DOMAIN, `certificateArn: ${arn("us-east-1")}`],
        [
          EUROPE,
          `${TWO_REGIONS[1].replace(EUROPE, "")}    entry: { certificateArn: ▸${arn("us-west-2")} }\n${EUROPE}`,
        ],
      ],
      expected: [
        "error  regions.eu-west-1.entry.certificateArn  in-another-region  the certificate is in us-west-2; the load balancer in eu-west-1 needs one of its own region: write it under regions.eu-west-1.entry, or give a domain",
      ],
    },
    {
      name: "[tls-policy] with a policy that is none",
      changes: [[DOMAIN, `${DOMAIN}\n  tlsPolicy: ▸TLS-9`]],
      expected: [
        'error  entry.tlsPolicy  unknown-tls-policy  "TLS-9" is not a security policy of Application Load Balancers',
      ],
    },
    {
      name: "[tls-policy] with a misspelt policy",
      changes: [[DOMAIN, `${DOMAIN}\n  tlsPolicy: ▸ELBSecurityPolicy-TLS13-1-2-2021-6`]],
      expected: [
        'error  entry.tlsPolicy  unknown-tls-policy  "ELBSecurityPolicy-TLS13-1-2-2021-6" is not a security policy of Application Load Balancers; did you mean "ELBSecurityPolicy-TLS13-1-2-2021-06"?',
      ],
    },
    {
      name: "[tls-policy] with an old policy",
      changes: [[DOMAIN, `${DOMAIN}\n  tlsPolicy: ▸ELBSecurityPolicy-2016-08`]],
      expected: [
        'error  entry.tlsPolicy  old-tls  "ELBSecurityPolicy-2016-08" allows TLS below 1.2; use ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
      ],
    },
    {
      name: "with another good policy",
      changes: [[DOMAIN, `${DOMAIN}\n  tlsPolicy: ELBSecurityPolicy-TLS13-1-3-2021-06`]],
      expected: [],
    },
  ]);
});

describe("plain HTTP", () => {
  testRules([
    { name: "with a domain", changes: [[DOMAIN, `${DOMAIN}\n  ${PLAIN}`]], expected: [] },
    {
      name: "with what means something with HTTPS only",
      changes: [
        [
          DOMAIN,
          `${PLAIN}\n  certificateArn: ▸${arn("us-east-1")}\n  tlsPolicy: ▸ELBSecurityPolicy-2016-08\n  redirectHttp: ▸false`,
        ],
      ],
      expected: ["certificateArn", "tlsPolicy", "redirectHttp"].map(
        (field) =>
          `error  entry.${field}  field-without-effect  ${field} means nothing with protocol: unencrypted-http; remove one of the two`,
      ),
    },
  ]);
});

describe("a domain", () => {
  const long = `${"a".repeat(40)}.example.com`;
  const longest = `${"a".repeat(42)}.example.com`;
  testRules([
    {
      name: "left out, with its zone",
      changes: [[DOMAIN, `${PLAIN}\n  hostedZone: ▸example.com\n  hostedZoneId: ▸Z0123456789EXAMPLE`]],
      expected: ["hostedZone", "hostedZoneId"].map(
        (field) =>
          `error  entry.${field}  field-without-effect  ${field} means nothing without a domain; add domain, or remove it`,
      ),
    },
    {
      name: "with two zones",
      changes: [[DOMAIN, `${DOMAIN}\n  hostedZone: example.com\n  hostedZoneId: ▸Z0123456789EXAMPLE`]],
      expected: ["error  entry.hostedZoneId  both-given  set either hostedZone or hostedZoneId, not both"],
    },
    {
      name: "with a zone that does not hold it",
      changes: [[DOMAIN, `${DOMAIN}\n  hostedZone: ▸ample.com`]],
      expected: [
        'error  entry.hostedZone  domain-outside-zone  "ample.com" does not hold "models.example.com"; name the zone that does',
      ],
    },
    ...["example.com", "models.example.com"].map((zone) => ({
      name: `in the zone ${zone}`,
      changes: [[DOMAIN, `${DOMAIN}\n  hostedZone: ${zone}`]] as const,
      expected: [],
    })),
    {
      name: "as long as a certificate takes",
      changes: [[DOMAIN, `domain: ${longest}`]],
      expected: [],
    },
    {
      name: "longer than a certificate takes",
      changes: [[DOMAIN, `domain: ▸a${longest}`]],
      expected: [
        `error  entry.domain  domain-too-long  us-east-1.a${longest} has 65 characters; a certificate's name may have 64: use a shorter domain`,
      ],
    },
    {
      name: "longer than a certificate takes, where none is made",
      changes: [[DOMAIN, `domain: a${longest}\n  ${PLAIN}`]],
      expected: [],
    },
    {
      name: "longer than a certificate takes, with a certificate of one's own",
      changes: [[DOMAIN, `domain: a${longest}\n  certificateArn: ${arn("us-east-1")}`]],
      expected: [],
    },
    {
      name: "longer than DNS takes",
      changes: [[DOMAIN, `domain: ▸${"a.".repeat(100)}${long}\n  ${PLAIN}`]],
      expected: [
        `error  entry.domain  domain-too-long  us-east-1.${"a.".repeat(100)}${long} has 262 characters; a name in DNS may have 253: use a shorter domain`,
      ],
    },
  ]);
});

describe("who is let in", () => {
  const ALLOW = "allow: [203.0.113.0/24]";
  testRules([
    ...[
      ["203.0.113.7", "203.0.113.7/32"],
      ["2001:db8::7", "2001:db8::7/128"],
    ].map(([address, range]) => ({
      name: `a single address, ${address}`,
      changes: [[ALLOW, `dualStack: true\n  allow: [▸"${address}"]`]] as const,
      expected: [
        `error  entry.allow[0]  wrong-format  "${address}" is a single address; write it as ${range}`,
      ],
    })),
    { name: "anyone, in so many words", changes: [[ALLOW, "allow: anyone-on-the-internet"]], expected: [] },
    {
      name: "anyone, in numbers",
      changes: [[ALLOW, "dualStack: true\n  allow: [▸0.0.0.0/0, ▸::/0, ▸128.0.0.0/7, ▸2000::/15]"]],
      expected: ["0.0.0.0/0", "::/0", "128.0.0.0/7", "2000::/15"].map(
        (cidr, index) =>
          `error  entry.allow[${index}]  allows-everyone  ${cidr} allows everyone, or nearly everyone; if that is meant, write allow: anyone-on-the-internet`,
      ),
    },
    {
      name: "the largest blocks that one owner has",
      changes: [[ALLOW, "dualStack: true\n  allow: [9.0.0.0/8, 2001::/16]"]],
      expected: [],
    },
    {
      name: "IPv6 addresses, with IPv4 alone",
      changes: [[ALLOW, "allow: [203.0.113.0/24, ▸2001:db8::/32]"]],
      expected: [
        "error  entry.allow[1]  ipv6-not-served  2001:db8::/32 is IPv6, and the load balancer has only IPv4; add dualStack: true, or remove the range",
      ],
    },
    {
      name: "IPv6 addresses, with both",
      changes: [[ALLOW, "dualStack: true\n  allow: [203.0.113.0/24, 2001:db8::/32]"]],
      expected: [],
    },
    {
      name: "an IPv6 block not as AWS shows it",
      changes: [[ALLOW, "dualStack: true\n  allow: [▸2001:0DB8::/32]"]],
      expected: [
        "error  entry.allow[0]  wrong-format  2001:0DB8::/32 is not in the short form that AWS shows; write 2001:db8::/32",
      ],
    },
    {
      name: "prefix lists and security groups",
      changes: [[ALLOW, "allow: [203.0.113.0/24, pl-3b927c52, pl-0123456789abcdef0, sg-0123456789abcdef0]"]],
      expected: [],
    },
    ...[
      ["pl-office", "a prefix list", "pl"],
      ["sg-", "a security group", "sg"],
    ].map(([id, kind, prefix]) => ({
      name: `no id of ${kind}`,
      changes: [[ALLOW, `allow: [▸${id}]`]] as const,
      expected: [
        `error  entry.allow[0]  wrong-format  "${id}" is not the id of ${kind}; write it as ${prefix}-0123456789abcdef0`,
      ],
    })),
    {
      name: "a prefix list of one region, in two",
      changes: [
        [ALLOW, "allow: [203.0.113.0/24, ▸pl-3b927c52]"],
        ["models:\n", "  eu-west-1:\n    network: { create: { cidr: 10.1.0.0/16 } }\nmodels:\n"],
      ],
      expected: [
        "error  entry.allow[1]  allowed-in-one-region  pl-3b927c52 exists in one region, and there are several; write allow under each region's entry",
      ],
    },
    {
      name: "a list for each of two regions",
      changes: [
        [
          "models:\n",
          "  eu-west-1:\n    entry: { allow: [pl-3b927c52] }\n    network: { create: { cidr: 10.1.0.0/16 } }\nmodels:\n",
        ],
      ],
      expected: [],
    },
    {
      name: "more security groups and blocks than there are rules",
      changes: [
        [
          ALLOW,
          `allow: ▸[${Array.from({ length: 31 }, (_, index) => (index % 2 === 0 ? `203.0.113.${index}/32` : `sg-000000${index + 10}`)).join(", ")}]`,
        ],
      ],
      expected: [
        "error  entry.allow  too-many-allowed-ranges  31 ranges at 2 ports take 62 rules of the load balancer's security group; it has 60: allow at most 30, by larger ranges or fewer, or write redirectHttp: false",
      ],
    },
    {
      name: "a security group twice",
      changes: [[ALLOW, "allow: [203.0.113.0/24, sg-01234567, ▸sg-01234567]"]],
      expected: ["error  entry.allow[2]  duplicate-item  sg-01234567 repeats allow[1]; remove it"],
    },
    {
      name: "a block twice",
      changes: [[ALLOW, "allow: [203.0.113.0/24, 198.51.100.0/24, ▸203.0.113.0/24]"]],
      expected: ["error  entry.allow[2]  duplicate-item  203.0.113.0/24 repeats allow[0]; remove it"],
    },
  ]);
});

describe("a web ACL", () => {
  const acl = (region: string, scope: string) =>
    `arn:aws:wafv2:${region}:123456789012:${scope}/webacl/chat/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const given = (arn: string): readonly [string, string] => [DOMAIN, `${DOMAIN}\n  webAclArn: ▸${arn}`];
  testRules([
    {
      name: "of the region",
      changes: [[DOMAIN, `${DOMAIN}\n  webAclArn: ${acl("us-east-1", "regional")}`]],
      expected: [],
    },
    {
      name: "of another region",
      changes: [given(acl("eu-west-1", "regional"))],
      expected: [
        "error  entry.webAclArn  in-another-region  the web ACL is in eu-west-1; the load balancer in us-east-1 needs one of its own region: write it under regions.us-east-1.entry",
      ],
    },
    {
      name: "for CloudFront",
      changes: [given(acl("us-east-1", "global"))],
      expected: [
        `error  entry.webAclArn  wrong-format  "${acl("us-east-1", "global")}" is no ARN of a web ACL of a region (scope REGIONAL); write it as ${acl("us-east-1", "regional")}`,
      ],
    },
    {
      name: "without its id",
      changes: [given("arn:aws:wafv2:us-east-1:123456789012:regional/webacl/chat")],
      expected: ["error  entry.webAclArn  wrong-format"],
    },
    {
      name: "beside one that is made",
      changes: [[DOMAIN, `${DOMAIN}\n  waf: {}\n  webAclArn: ▸${acl("us-east-1", "regional")}`]],
      expected: [
        "error  entry.webAclArn  both-given  a load balancer has one web ACL, and waf makes one; remove one of the two",
      ],
    },
    {
      name: "that is made",
      changes: [[DOMAIN, `${DOMAIN}\n  waf: { block: [Log4JRCE_BODY] }`]],
      expected: [],
    },
    {
      name: "with a rule twice",
      changes: [[DOMAIN, `${DOMAIN}\n  waf: { block: [Log4JRCE_BODY, ▸Log4JRCE_BODY] }`]],
      expected: ["error  entry.waf.block[1]  duplicate-item  Log4JRCE_BODY repeats block[0]; remove it"],
    },
    {
      name: "without a limit of one client",
      changes: [
        [DOMAIN, `${DOMAIN}\n  waf: ▸{ requestsPerMinute: { address: 600 } }`],
        ["scaling: { requestsPerMinutePerInstance: 60 }", "scaling: { waitingRequestsPerInstance: 4 }"],
      ],
      expected: [
        "error  entry.waf  client-limit-unknown  how many requests a minute an instance of llama serves is not known, so neither is the most that one client may send; write requestsPerMinute: { address: 600, key: 600 }, or capacity.requestsPerMinutePerInstance of the models",
      ],
    },
  ]);
});

describe("logs", () => {
  const logs = (fields: string): readonly [string, string] => [DOMAIN, `${DOMAIN}\n  logs: { ${fields} }`];
  testRules([
    {
      name: "under a prefix with AWS's own word",
      changes: [logs("prefix: ▸alb/AWSLogs")],
      expected: [
        'error  entry.logs.prefix  log-prefix-refused  must not hold "AWSLogs", which AWS adds itself',
      ],
    },
    ...["/alb", "alb/", '""'].map((prefix) => ({
      name: `under the prefix ${prefix}`,
      changes: [logs(`prefix: ▸${prefix}`)],
      expected: [
        `error  entry.logs.prefix  log-prefix-refused  "${prefix.replaceAll('"', "")}" must be a folder without a slash at either end; leave it out for the root of the bucket`,
      ],
    })),
    ...["alb", "a", "alb/eu"].map((prefix) => ({
      name: `under the prefix ${prefix}`,
      changes: [logs(`prefix: ${prefix}`)],
      expected: [],
    })),
    {
      name: "kept for a time, in a bucket of one's own",
      changes: [logs("bucket: mine, retention: ▸30d")],
      expected: [
        "error  entry.logs.retention  field-without-effect  means nothing for a bucket that is there already; remove it, and set the bucket's lifecycle",
      ],
    },
    ...["36h", "0s", "12h"].map((retention) => ({
      name: `kept for ${retention}`,
      changes: [logs(`retention: ▸${retention}`)],
      expected: [
        `error  entry.logs.retention  retention-refused  ${retention} is not a whole number of days; write 30d or 90d`,
      ],
    })),
    { name: "kept for a day", changes: [logs("retention: 24h")], expected: [] },
    ...["bucket: mine", "prefix: alb", "retention: 1d"].map((field) => ({
      name: `none, with ${field}`,
      changes: [[DOMAIN, `${DOMAIN}\n  logs: ▸{ access: false, connections: false, ${field} }`]] as const,
      expected: [
        "error  entry.logs  field-without-effect  nothing is logged, so the rest of logs means nothing; remove it",
      ],
    })),
    { name: "none", changes: [logs("access: false, connections: false")], expected: [] },
    { name: "of connections alone", changes: [logs("access: false, prefix: alb")], expected: [] },
    {
      name: "of two regions in one bucket",
      changes: [logs("bucket: ▸mine"), TWO_REGIONS],
      expected: [
        "error  entry.logs.bucket  log-bucket-for-several-regions  the bucket must be in the load balancer's region, and there are several regions; write it under each region's entry",
      ],
    },
    { name: "of one region in a bucket", changes: [logs("bucket: mine")], expected: [] },
    {
      name: "of two regions in a bucket each",
      changes: [
        [
          EUROPE,
          `    entry: { logs: { bucket: mine } }\n${TWO_REGIONS[1].replace(EUROPE, "")}    entry: { logs: { bucket: yours } }\n${EUROPE}`,
        ],
      ],
      expected: [],
    },
  ]);
});

describe("the idle timeout", () => {
  testRules([
    {
      name: "[idle-short] shorter than a model is silent",
      changes: [[DOMAIN, `${DOMAIN}\n  idleTimeout: ▸299s`]],
      expected: [
        "error  entry.idleTimeout  idle-timeout-too-short  idleTimeout 299s < 5m, the longest silence of llama: the load balancer would answer 504 first; make it at least that, or write a shorter longestSilence",
      ],
    },
    {
      name: "shorter than a model is silent, in one region",
      changes: [[EUROPE, `    entry: { idleTimeout: ▸1m }\n${TWO_REGIONS[1]}`]],
      expected: [
        "error  regions.us-east-1.entry.idleTimeout  idle-timeout-too-short  idleTimeout 1m < 5m, the longest silence of llama: the load balancer would answer 504 first; make it at least that, or write a shorter longestSilence",
      ],
    },
    {
      name: "as long as a model is silent",
      changes: [[DOMAIN, `${DOMAIN}\n  idleTimeout: 5m`]],
      expected: [],
    },
    {
      name: "shorter than a request that streams",
      changes: [
        [DOMAIN, `${DOMAIN}\n  idleTimeout: 1m`],
        ["longestRequest: 5m", "longestRequest: 5m\n    longestSilence: 1m"],
      ],
      expected: [],
    },
    {
      name: "[idle-over] longer than a load balancer can",
      changes: [[DOMAIN, `${DOMAIN}\n  idleTimeout: ▸5000s`]],
      expected: [
        "error  entry.idleTimeout  out-of-range  must be 1s–4000s; got 5000s (ELBv2 API, LoadBalancerAttribute)",
      ],
    },
  ]);
});

describe("the default model", () => {
  testRules([
    { name: "one that is served", changes: [[DOMAIN, `${DOMAIN}\n  default: llama`]], expected: [] },
    {
      name: "[unknown-model] one that is not defined",
      changes: [[DOMAIN, `${DOMAIN}\n  default: ▸lama`]],
      expected: ['error  entry.default  unknown-model  model "lama" is not defined; did you mean "llama"?'],
    },
    {
      name: "one that a region leaves out",
      changes: [
        [DOMAIN, `${DOMAIN}\n  default: ▸llama`],
        [EUROPE, `    models: { llama: false }\n${TWO_REGIONS[1]}`],
        [
          "    scaling: { requestsPerMinutePerInstance: 60 }\n",
          "    scaling: { requestsPerMinutePerInstance: 60 }\n  qwen:\n    server: vllm\n    image: vllm/vllm-openai:v0.28.0\n    weights: { uri: s3://example-weights/qwen/, size: 15GiB }\n    instanceTypes: [g5.2xlarge]\n    loadTime: 6m\n    longestRequest: 5m\n    capacity: { min: 3, max: 4 }\n",
        ],
      ],
      expected: [
        'error  entry.default  model-left-out  model "llama" is left out of us-east-1; name one that is served there',
      ],
    },
  ]);
});
