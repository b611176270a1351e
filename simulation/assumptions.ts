/** A number that AWS does not say, or says only roughly. */
export interface Assumption {
  readonly value: number;
  readonly unit: "s" | "share" | "count";
  /** Between these the number may lie. */
  readonly range: readonly [least: number, most: number];
  /** What it is, as a sentence. */
  readonly meaning: string;
  /** Where it is from, or why it is taken so. */
  readonly source: string;
}

/**
 * Everything in the simulation that AWS does not document as one number. A documented number stands beside the code that
 * uses it.
 */
export const ASSUMPTIONS = {
  connectTimeout: {
    value: 10,
    unit: "s",
    range: [10, 10],
    meaning: "How long a load balancer waits for a connection to a target, before it answers 504.",
    source: "ELB user guide, Troubleshoot your Application Load Balancers: HTTP 504, 10 seconds",
  },
  loadBalancerTtl: {
    value: 60,
    unit: "s",
    range: [60, 60],
    meaning: "How long a client may keep the addresses of a load balancer.",
    source:
      "ELB user guide, How Elastic Load Balancing works: the time to live of the DNS entry is 60 seconds",
  },
  registration: {
    value: 2,
    unit: "s",
    range: [0, 10],
    meaning: "From RegisterTargets until the nodes of the load balancer begin to check the target.",
    source: "Not documented; a target is seen as `initial` for about that long",
  },
  configurationSpread: {
    value: 1,
    unit: "s",
    range: [0, 10],
    meaning: "From a change of rules or weights until the nodes of the load balancer follow it.",
    source: "Not documented",
  },
  nodesPerZone: {
    value: 1,
    unit: "count",
    range: [1, 10],
    meaning: "Nodes of a load balancer in each zone. It grows with its load.",
    source: "ELB user guide, How Elastic Load Balancing works: a node in each zone, and more under load",
  },
  unhealthyNodes: {
    value: 0.5,
    unit: "share",
    range: [0.01, 1],
    meaning:
      "At more than this share of nodes that see a target as unhealthy, Auto Scaling is told that it is.",
    source: "Not documented: DescribeTargetHealth has one state for all nodes",
  },
  groupHealthInterval: {
    value: 60,
    unit: "s",
    range: [10, 120],
    meaning: "How often an Auto Scaling group asks for the health of its instances.",
    source: "Auto Scaling user guide, Health checks: periodically, without a number",
  },
  replacedAtOnce: {
    value: 0.1,
    unit: "share",
    range: [0.1, 1],
    meaning:
      "The share of the desired capacity that a group replaces at a time when instances are unhealthy; at least one.",
    source:
      "Auto Scaling user guide, Health checks: what a group without a maintenance policy replaces at a time",
  },
  launch: {
    value: 30,
    unit: "s",
    range: [10, 120],
    meaning: "From the decision of a group to launch an instance until its system runs.",
    source: "Measurements of EC2 launches in public, with cold volumes",
  },
  warmStart: {
    value: 20,
    unit: "s",
    range: [10, 60],
    meaning:
      "From the decision of a group to take a stopped instance from its warm pool until its system runs.",
    source: "Measurements of EC2 starts in public",
  },
  termination: {
    value: 30,
    unit: "s",
    range: [10, 180],
    meaning: "From the end of the terminate hook until the instance is gone.",
    source: "Not documented",
  },
  launchRetry: {
    value: 60,
    unit: "s",
    range: [10, 300],
    meaning: "How long a group waits before it tries again, after EC2 had no capacity in any of its zones.",
    source:
      "Auto Scaling user guide, Troubleshoot launch issues: it tries again, and backs off, without a number",
  },
  systemCheckFailure: {
    value: 120,
    unit: "s",
    range: [60, 300],
    meaning: "From the death of an instance's machine until its EC2 status check says so.",
    source: "EC2 user guide, Status checks: every minute; two of them are the usual alarm",
  },
  loadShareOfLaunchHook: {
    value: 0.5,
    unit: "share",
    range: [0.1, 0.9],
    meaning: "How long a model loads, as a share of the launch hook's heartbeat timeout.",
    source: "This project writes 2 × loadTime for the hook; other constructs may not",
  },
  loadWithoutHook: {
    value: 60,
    unit: "s",
    range: [5, 900],
    meaning: "How long a model loads in a group without a launch hook.",
    source: "Taken; the JSON does not say it",
  },
  metricDelay: {
    value: 60,
    unit: "s",
    range: [30, 120],
    meaning: "From the end of a period until its metric can be read.",
    source:
      "CloudWatch user guide, Application Load Balancer metrics: at intervals of 60 seconds, without a bound",
  },
  scaleInBelow: {
    value: 0.9,
    unit: "share",
    range: [0.7, 0.95],
    meaning: "Target tracking takes instances away when the metric is below this share of its target.",
    source: "Seen in the alarms that it makes: the low one has 90 % of the target as its threshold",
  },
  scaleOutPeriods: {
    value: 3,
    unit: "count",
    range: [1, 3],
    meaning: "Periods above the target until target tracking adds instances.",
    source: "Seen in the alarms that it makes: 3 of 3",
  },
  scaleInPeriods: {
    value: 15,
    unit: "count",
    range: [15, 15],
    meaning: "Periods below the target until target tracking takes instances away.",
    source: "Seen in the alarms that it makes: 15 of 15",
  },
  scaleInStep: {
    value: 0.1,
    unit: "share",
    range: [0.05, 1],
    meaning: "The share of a group that target tracking takes away at once; at least one instance.",
    source: "Auto Scaling user guide, Target tracking: it scales in more gradually, without a number",
  },
  checkers: {
    value: 16,
    unit: "count",
    range: [3, 16],
    meaning: "Health checkers of Route 53, where a health check names no regions.",
    source: "Route 53 developer guide: 8 regions; two checkers a region are seen at work",
  },
  checkerShare: {
    value: 0.18,
    unit: "share",
    range: [0.18, 0.18],
    meaning:
      "At more than this share of health checkers that report it healthy, Route 53 takes an endpoint as healthy.",
    source:
      "Route 53 developer guide, How Route 53 determines whether a health check is healthy: more than 18 %",
  },
  spotNotice: {
    value: 120,
    unit: "s",
    range: [120, 120],
    meaning: "From the notice until EC2 takes a Spot instance back.",
    source: "EC2 user guide, Spot Instance interruption notices: two minutes, as a best effort",
  },
} as const satisfies Readonly<Record<string, Assumption>>;

/** The name of something that is assumed. */
export type AssumptionName = keyof typeof ASSUMPTIONS;

/** A number for each assumption: those of {@link ASSUMPTIONS}, unless told otherwise. */
export type Assumed = Readonly<Record<AssumptionName, number>>;

/** @param told numbers that differ from {@link ASSUMPTIONS}, as a drill over their ranges needs */
export function assume(told: Partial<Assumed> = {}): Assumed {
  const values = Object.entries(ASSUMPTIONS).map(([name, { value }]) => [name, value]);
  return { ...Object.fromEntries(values), ...told };
}
