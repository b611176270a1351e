import * as globalAccelerator from "../../aws/global-accelerator";
import type { NumberLimit, QuotaLimit, TextLimit } from "../../aws/limits";
import * as limits from "../../aws/limits";
import * as route53 from "../../aws/route53";

const facts = Object.entries({ ...limits, ...route53, ...globalAccelerator }) as readonly (readonly [
  string,
  object,
])[];

const having = <T>(...fields: readonly string[]) =>
  facts.filter((entry): entry is [string, T & object] => fields.every((field) => field in entry[1]));

const numbers = having<NumberLimit>("min", "max");
const texts = having<TextLimit>("minLength", "maxLength");
const quotas = having<QuotaLimit>("max", "adjustable");

test("no two modules name different facts alike", () => {
  const names = [limits, route53, globalAccelerator].flatMap(Object.keys);
  expect(names).toEqual([...new Set(names)]);
});

test.each(facts)("%s names its source", (_name, fact) => {
  expect(fact).toHaveProperty("source", expect.stringMatching(/\S{3,}/));
});

test.each(numbers)("%s spans whole numbers that hold its default", (_name, limit) => {
  expect(limit.max).toBeGreaterThan(limit.min);
  for (const number of [limit.min, limit.max, limit.default ?? limit.min]) {
    expect(Number.isInteger(number)).toBe(true);
    expect(number).toBeGreaterThanOrEqual(limit.min);
    expect(number).toBeLessThanOrEqual(limit.max);
  }
});

test.each(texts)("%s spans lengths, and has words for a pattern", (_name, limit) => {
  expect(limit.minLength).toBeGreaterThanOrEqual(0);
  expect(limit.maxLength).toBeGreaterThan(limit.minLength);
  expect(limit.characters === undefined).toBe(limit.pattern === undefined);
});

test.each(quotas)("%s is a number of things", (_name, quota) => {
  expect(Number.isInteger(quota.max) && quota.max > 0).toBe(true);
});

/** By name: least, most, AWS's default. Read anew from the pages that the limits name. */
const NUMBERS: Readonly<Record<string, readonly [number, number, number?]>> = {
  ACCELERATOR_PORT_RANGES: [1, 10],
  ALLOWED_INSTANCE_TYPES: [1, 400],
  CHECKPOINT_DELAY: [0, 172_800, 3600],
  CHECKPOINT_PERCENTAGE: [1, 100],
  CLIENT_KEEP_ALIVE: [60, 604_800, 3600],
  DEREGISTRATION_DELAY: [0, 3600, 300],
  ENDPOINT_WEIGHT: [0, 255, 128],
  FORWARD_STICKINESS_DURATION: [1, 604_800],
  FORWARD_WEIGHT: [0, 999],
  GP3_IOPS: [3000, 80_000, 3000],
  GP3_SIZE: [1, 65_536],
  GP3_THROUGHPUT: [125, 2000, 125],
  HEALTHY_PERCENTAGE_SPREAD: [0, 100],
  HEALTHY_TARGETS_COUNT: [1, 1000, 1],
  HEALTHY_TARGETS_PERCENTAGE: [1, 100],
  HEALTHY_THRESHOLD: [2, 10, 5],
  HEALTH_CHECKER_CODE: [200, 399],
  HEALTH_CHECK_CHILDREN: [1, 256],
  HEALTH_CHECK_FAILURES: [1, 10, 3],
  HEALTH_CHECK_GRPC_CODE: [0, 99, 12],
  HEALTH_CHECK_HTTP_CODE: [200, 499, 200],
  HEALTH_CHECK_INTERVAL: [5, 300, 30],
  HEALTH_CHECK_TIMEOUT: [2, 120, 5],
  IDLE_TIMEOUT: [1, 4000, 60],
  INSTANCE_TYPES_PER_GROUP: [1, 40],
  KEY_DELETION_WINDOW: [7, 30, 30],
  LIFECYCLE_DAYS: [1, 2_147_483_647],
  LIFECYCLE_HOOK_HEARTBEAT: [30, 7200, 3600],
  LOAD_BALANCER_CAPACITY_UNITS: [100, 15_000],
  LOAD_BALANCER_ZONES: [2, 6],
  MAX_HEALTHY_PERCENTAGE: [100, 200, 100],
  MAX_INSTANCE_LIFETIME: [86_400, 31_536_000],
  METADATA_HOP_LIMIT: [1, 64, 1],
  MIN_HEALTHY_PERCENTAGE: [0, 100, 90],
  NONCURRENT_VERSIONS_KEPT: [1, 100],
  OIDC_SESSION: [1, 604_800, 604_800],
  ON_DEMAND_PERCENTAGE: [0, 100, 100],
  PORT: [1, 65_535],
  RECORD_WEIGHT: [0, 255],
  REFRESH_ALARMS: [1, 10],
  RULE_PRIORITY: [1, 50_000],
  SECURITY_GROUPS_PER_INTERFACE: [1, 16],
  SCHEDULED_ACTIONS_PER_GROUP: [1, 125],
  SLOW_START: [30, 900],
  STICKINESS_DURATION: [1, 604_800, 86_400],
  TARGET_OPTIMIZER_CONCURRENCY: [1, 1000],
  TRAFFIC_DIAL: [0, 100, 100],
  UNHEALTHY_THRESHOLD: [2, 10, 2],
  USER_DATA: [0, 16_384],
  VPC_PREFIX: [16, 28],
};

/** By name: shortest, longest. */
const LENGTHS: Readonly<Record<string, readonly [number, number]>> = {
  ACCELERATOR_LOG_PREFIX: [1, 255],
  ACCELERATOR_NAME: [1, 64],
  ALARM_NAME: [1, 255],
  ALLOWED_INSTANCE_TYPE: [1, 30],
  AUTO_SCALING_GROUP_NAME: [1, 255],
  BUCKET_NAME: [3, 63],
  CERTIFICATE_NAME: [1, 64],
  CONDITION_HEADER_NAME: [1, 40],
  CONDITION_METHOD: [1, 40],
  CONDITION_VALUE: [1, 128],
  DOMAIN_LABEL: [1, 63],
  DOMAIN_NAME: [1, 253],
  EMAIL_ADDRESS: [3, 254],
  EVENT_RULE_NAME: [1, 64],
  HEALTH_CHECK_HOST: [0, 255],
  FIXED_RESPONSE_BODY: [0, 1024],
  HEALTH_CHECK_PATH: [1, 1024],
  HEALTH_CHECK_RESOURCE_PATH: [0, 255],
  HOSTED_ZONE_ID: [2, 32],
  INSTANCE_TYPE: [1, 30],
  JWKS_ENDPOINT: [1, 256],
  JWT_CLAIM_VALUE: [1, 256],
  JWT_ISSUER: [1, 256],
  LAUNCH_TEMPLATE_NAME: [3, 125],
  LIFECYCLE_HOOK_NAME: [1, 255],
  LOAD_BALANCER_NAME: [1, 32],
  LOG_GROUP_NAME: [1, 512],
  METADATA_TAG_KEY: [1, 128],
  METRICS_NAMESPACE: [1, 255],
  OBJECT_KEY: [1, 1024],
  OIDC_ENDPOINT: [1, 2048],
  RESOURCE_GROUP_NAME: [1, 300],
  RESOURCE_LABEL: [1, 1023],
  REWRITE: [1, 1024],
  ROLE_NAME: [1, 64],
  SCALING_POLICY_NAME: [1, 255],
  SCHEDULED_ACTION_NAME: [1, 255],
  SECURITY_GROUP_NAME: [1, 255],
  TAG_VALUE: [0, 256],
  TARGET_GROUP_NAME: [1, 32],
  TOPIC_NAME: [1, 256],
  TRUST_STORE_NAME: [1, 32],
};

/** By name: how many, and whether AWS may raise it. */
const QUOTAS: Readonly<Record<string, readonly [number, "fixed" | "adjustable"]>> = {
  ALARM_ACTIONS: [5, "fixed"],
  CONDITION_VALUES_PER_RULE: [5, "fixed"],
  CONDITION_WILDCARDS_PER_RULE: [5, "fixed"],
  ELASTIC_ADDRESSES_PER_REGION: [5, "adjustable"],
  HEALTH_CHECKS_PER_ACCOUNT: [200, "adjustable"],
  JWT_CLAIMS_PER_ACTION: [10, "fixed"],
  JWT_VALUES_PER_CLAIM: [10, "fixed"],
  MANAGED_POLICY: [6144, "fixed"],
  POLICIES_PER_ROLE: [10, "adjustable"],
  REVOCATION_LISTS_PER_TRUST_STORE: [30, "fixed"],
  RULES_PER_LOAD_BALANCER: [100, "adjustable"],
  RULES_PER_SECURITY_GROUP: [60, "adjustable"],
  TAGS_PER_RESOURCE: [50, "fixed"],
  TARGETS_PER_LOAD_BALANCER: [1000, "adjustable"],
  TARGETS_PER_TARGET_GROUP: [1000, "adjustable"],
  TARGET_GROUPS_PER_ACTION: [5, "fixed"],
  TARGET_GROUPS_PER_LOAD_BALANCER: [100, "fixed"],
};

test("every number is the one AWS names", () => {
  const found = numbers.map(([name, { min, max, default: usual }]) => [name, [min, max, usual]]);
  expect(Object.fromEntries(found)).toEqual(NUMBERS);
});

test("every length is the one AWS names", () => {
  const found = texts.map(([name, { minLength, maxLength }]) => [name, [minLength, maxLength]]);
  expect(Object.fromEntries(found)).toEqual(LENGTHS);
});

test("every quota is the one AWS names", () => {
  const found = quotas.map(([name, { max, adjustable }]) => [
    name,
    [max, adjustable ? "adjustable" : "fixed"],
  ]);
  expect(Object.fromEntries(found)).toEqual(QUOTAS);
});

/** By name: texts that fit the pattern, and texts that do not. */
const TEXTS: Readonly<
  Record<string, { readonly takes: readonly string[]; readonly refuses: readonly string[] }>
> = {
  ACCELERATOR_NAME: { takes: ["a", "Chat.prod-1"], refuses: ["-a", "a.", "a_b", "a b"] },
  ALLOWED_INSTANCE_TYPE: { takes: ["g6.*", "p6-b200.48xlarge", "*"], refuses: ["g6 .*", "g6/x"] },
  AUTO_SCALING_GROUP_NAME: { takes: ["chat.llama/3", "~!"], refuses: ["a b", "a:b", "modèle"] },
  BUCKET_NAME: { takes: ["abc", "a.b-c"], refuses: ["Abc", "-abc", "abc.", "a_c"] },
  EMAIL_ADDRESS: {
    takes: ["on-call@example.com", "a.b+c@mail.example.org"],
    refuses: ["on-call", "a@b", "a..b@example.com", ".a@example.com", "a@example.com "],
  },
  EVENT_RULE_NAME: { takes: ["chat.llama-3_main"], refuses: ["a b", "a/b", "modèle"] },
  HEALTH_CHECK_PATH: { takes: ["/", "/health?deep=1"], refuses: ["health", " /"] },
  HOSTED_ZONE_ID: { takes: ["Z1", "Z35SXDOTRQ7X7K"], refuses: ["z1", "/hostedzone/Z1", "example.com"] },
  INSTANCE_TYPE: { takes: ["g6.xlarge", "p6-b200.48xlarge"], refuses: ["g6", "g6.*", "G6.xlarge"] },
  JWKS_ENDPOINT: {
    takes: ["https://login.example.com/keys", "https://a.b:8443/.well-known/jwks.json?v=1"],
    refuses: ["http://login.example.com/keys", "https://login.example.com", "https:///keys", "https://a/b c"],
  },
  LAUNCH_TEMPLATE_NAME: { takes: ["a(b).c/d_e-F"], refuses: ["a b", "a:b"] },
  LIFECYCLE_HOOK_NAME: { takes: ["model-ready", "a_b/C"], refuses: ["model ready", "a.b"] },
  LOAD_BALANCER_NAME: {
    takes: ["a", "7B", "chat-llama-3", "internal"],
    refuses: ["internal-chat", "-a", "a-", "a_b", "a.b", "modèle", "a b"],
  },
  LOG_GROUP_NAME: { takes: ["/chat/a_b-c.d#E"], refuses: ["a b", "a:b", "a*"] },
  METADATA_TAG_KEY: { takes: ["a+b-c=d.e,f_g:h@I"], refuses: ["cost center", "team/a"] },
  METRICS_NAMESPACE: { takes: ["ModelServing/chat", "a b:c#d"], refuses: [":a", "AWS/EC2", "a*"] },
  OIDC_ENDPOINT: {
    takes: ["https://login.example.com", "https://login.example.com/authorize"],
    refuses: ["http://login.example.com/", "https://", "https://a/b c"],
  },
  RESOURCE_GROUP_NAME: { takes: ["reserved.chat.a-b_c"], refuses: ["aws.chat", "AWS_chat", "a b", "a/b"] },
  RESOURCE_LABEL: {
    takes: ["app/chat/50dc6c495c0c9188/targetgroup/main/943f017f100becff"],
    refuses: ["targetgroup/main/943f017f100becff", "app/a/b/targetgroup/c", "app/a/b/targetgroup/c/d/e"],
  },
  ROLE_NAME: { takes: ["a+b=c,d.e@f_g-H"], refuses: ["a b", "a/b", "a:b"] },
  SECURITY_GROUP_NAME: {
    takes: ["chat", "a-sg-", "a b._-:/()#,@[]+=&;{}!$*"],
    refuses: ["sg-chat", "modèle", "a|b"],
  },
  TARGET_GROUP_NAME: {
    takes: ["a", "7B", "internal-chat"],
    refuses: ["-a", "a-", "a_b", "a.b", "modèle", "a b"],
  },
  TOPIC_NAME: { takes: ["chat-alarms_1"], refuses: ["chat.alarms", "a b"] },
  TRUST_STORE_NAME: { takes: ["a", "Chat-1"], refuses: ["-a", "a-", "a--b", "a_b"] },
};

test("every pattern takes what AWS takes, and refuses what it does not", () => {
  const patterns = texts.flatMap(([name, { pattern }]) =>
    pattern === undefined ? [] : [[name, pattern] as const],
  );
  expect(patterns.map(([name]) => name).sort()).toEqual(Object.keys(TEXTS).sort());
  for (const [name, pattern] of patterns) {
    const { takes = [], refuses = [] } = TEXTS[name] ?? {};
    expect([name, takes.filter((text) => !pattern.test(text))]).toEqual([name, []]);
    expect([name, refuses.filter((text) => pattern.test(text))]).toEqual([name, []]);
  }
});

test("a Spot notice is shorter than the default drain, so the default drain is cut on Spot", () => {
  expect(limits.SPOT_NOTICE.seconds).toBeLessThan(limits.DEREGISTRATION_DELAY.default);
});
