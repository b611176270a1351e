import fc from "fast-check";
import { arbitraryServingFile } from "../support/arbitrary-serving-file";
import { globalEndpointFile } from "../support/global-endpoint-file";
import { loadFile, valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import {
  type Json,
  resourcesOfType,
  synthesized,
  synthesizedInOrder,
  synthesizedTexts,
} from "../support/synthesis";

const small = arbitraryServingFile({ models: 3, regions: 2 });

describe("the order in which things are written", () => {
  test("changes no byte except the URL of a model, which is that of its first path", () => {
    fc.assert(
      fc.property(small, fc.noShrink(fc.nat()), (file, seed) => {
        const shuffled = shuffle(file, dice(seed)) as WrittenFile;
        expect(withoutUrls(shuffled)).toBe(withoutUrls(file));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  });
});

/** The Terraform JSON of a file, its keys in their order, without the URLs of the models. */
function withoutUrls(file: WrittenFile): string {
  const stacks = Object.entries(synthesizedInOrder(valid(file).deployment));
  return JSON.stringify(
    stacks.map(([name, stack]) => [
      name,
      stack,
      delete stack.output?.model_urls,
      delete stack.output?.openai_base_urls,
    ]),
    undefined,
    1,
  );
}

/** What Terraform asks AWS for when it plans: it makes nothing. Subnets that exist stay in their zones. */
const QUESTIONS = [
  /^data\.aws_servicequotas_service_quota\.[^.]+\.lifecycle\.postcondition\.0\.(condition|error_message)$/,
  /^locals\.network_chosen-zones$/,
];

/** How many instances there are, with what follows from that. */
const SIZES = [
  ...QUESTIONS,
  /^resource\.aws_autoscaling_group\.[^.]+\.(min_size|max_size)$/,
  /^resource\.aws_autoscaling_group\.[^.]+\.instance_maintenance_policy\b/,
  /^resource\.aws_autoscaling_group\.[^.]+\.instance_refresh\.preferences\.m(in|ax)_healthy_percentage$/,
  // Too few healthy instances stop a refresh only in a group that keeps enough of them during one.
  /^resource\.aws_autoscaling_group\.[^.]+\.instance_refresh\.preferences\.alarm_specification\.alarms$/,
  /^resource\.aws_cloudwatch_metric_alarm\.[^.]+too-few-healthy\.(threshold|alarm_description)$/,
  /^resource\.aws_autoscaling_group\.[^.]+\.mixed_instances_policy\.instances_distribution\.on_demand_base_capacity$/,
  // It is about the smallest size of the group.
  /^resource\.aws_cloudwatch_metric_alarm\.[^.]+_spare\.(threshold|alarm_description)$/,
];

/** Health checks are not counted by the limit of an address, where there are some. */
const UNCOUNTED =
  /^resource\.aws_wafv2_web_acl\.entry_waf\.rule\.\d+\.statement\.rate_based_statement\.scope_down_statement\b/;

/**
 * What one thing more may change beside adding its own, all in the stacks of its regions. Everything else stays as it
 * is, to the byte; `depends_on` orders work and is no property of a resource.
 */
const MAY_CHANGE = {
  /** A more silent or longer-winded model makes the load balancer wait longer. Each is in the list of models. */
  model: [
    ...QUESTIONS,
    /^resource\.aws_lb\.entry_alb\.(idle_timeout|client_keep_alive)$/,
    /^output\.(model_urls|openai_base_urls|global_endpoint_alarms)\.value\./,
    /^resource\.aws_lb_listener_rule\.model-list\.action\.[01]\.fixed_response\.message_body$/,
  ],
  /** The URL of a model is that of its first path. */
  route: [/^output\.(model_urls|openai_base_urls)\.value\./, /\.depends_on\b/],
  /**
   * A variant shares the requests of its model with the others, by weight; where sizes follow from the demand, those
   * of the others do from what is left to them.
   */
  variant: [
    /^resource\.aws_lb_listener_rule\.[^.]+\.action\.[01]\.forward\.target_group\b/,
    /^resource\.aws_lb_listener\.[^.]+\.default_action\.[01]\.forward\.target_group\b/,
    ...SIZES,
    // A region is in service by the variant with the most weight, which may then be another one.
    /^resource\.aws_cloudwatch_metric_alarm\.global-endpoint_count_/,
    /^output\.global_endpoint_alarms\.value\./,
  ],
  /** A region is independent of the others, unless each has room for its part of a lost one's peak. */
  region: SIZES,
  /**
   * A global endpoint adds to its regions. Before an accelerator no zone leaves DNS, and the load balancer is in none that it
   * leaves out; in an order all goes to the next region.
   */
  globalEndpoint: [
    ...SIZES,
    /^resource\.aws_lb\.entry_alb\.lifecycle\.precondition\b/,
    /^data\.aws_availability_zones\.network_zones\.lifecycle\b/,
    /^resource\.aws_lb_target_group\.[^.]+\.target_group_health\.dns_failover\b/,
    UNCOUNTED,
  ],
} as const;

/** The same for the stack of the global endpoint, which depends on the models and routes to the regions. */
const MAY_CHANGE_IN_GLOBAL = {
  model: [
    /^resource\.aws_route53_health_check\.global-endpoint_health_[^._]+_(instances|requests)\.child_health/,
    /^output\.(model_urls|openai_base_urls)\.value\./,
  ],
  route: [/^output\.(model_urls|openai_base_urls)\.value\./],
  variant: [
    /^resource\.aws_route53_health_check\.global-endpoint_health_[^._]+_instances\.child_health/,
    /^resource\.aws_route53_health_check\.[^.]+_instances_[^.]+$/,
  ],
  region: [
    /^resource\.aws_route53_record\.name_a+\.(alias\.name$|depends_on\b)/,
    /^resource\.aws_route53_record\.global-endpoint_failover_/,
    /^output\.(health_checks|endpoint_groups)\.value\./,
  ],
  globalEndpoint: [],
} as const;

/**
 * What is removed from a region, and from the global endpoint's part for it, when the global endpoint stops health-checking its
 * models. That is when as many of its models may be out as can be health-checked, which one model more may cause. The same
 * is added when one model more is the first that can be health-checked.
 */
const TURNS_WITH_HEALTH_CHECKS = {
  region: [
    /^resource\.aws_lb_listener_rule\.global-endpoint_health_/,
    /^resource\.aws_vpc_security_group_ingress_rule\.entry_[^.]*route53-healthchecks/,
    /^data\.aws_ec2_managed_prefix_list\b/,
    /^resource\.aws_cloudwatch_metric_alarm\.global-endpoint_count_[^.]+\.treat_missing_data$/,
    UNCOUNTED,
  ],
  global: [
    /^resource\.aws_route53_health_check\.global-endpoint_health_[^.]+_requests$/,
    /^resource\.aws_route53_health_check\.[^.]+_instances_[^.]+\.insufficient_data_health_status$/,
    /^resource\.aws_cloudwatch_metric_alarm\.alarms_[^._]+-requests$/,
    /^resource\.aws_route53_record\.global-endpoint_entry_[^.]+\.health_check_id$/,
    /^output\.health_checks\.value\.[^.]+\.requests$/,
  ],
} as const;

describe.each([
  ["model", withoutModel],
  ["route", withoutRoute],
  ["variant", withoutVariant],
  ["region", withoutRegion],
  ["globalEndpoint", withoutGlobalEndpoint],
] as const)("one %s more", (what, without) => {
  test("changes nothing else", () => {
    let changed = 0;
    fc.assert(
      fc.property(small, (more) => {
        const less = without(more);
        // Without a region a model may be served nowhere, and the file is refused.
        fc.pre(less !== undefined && loadFile(less).ok && keepsItsPriorities(less, more));
        const before = synthesized(valid(less ?? more).deployment);
        const after = synthesized(valid(more).deployment);
        const isIndependent = what === "region" && !JSON.stringify(more).includes('"survive":"region"');
        const differences = Object.keys(before).flatMap((stack) => {
          const allowed = isIndependent ? [] : MAY_CHANGE[what];
          const patterns: readonly RegExp[] = [
            ...(stack === "global" ? MAY_CHANGE_IN_GLOBAL[what] : allowed),
            ...(what === "model" ? turnsWithHealthChecks(stack, less ?? more, more) : []),
          ];
          return differencesOf(before[stack], after[stack], [])
            .filter((path) => !patterns.some((pattern) => pattern.test(path)))
            .map((path) => `${stack}: ${path}`);
        });
        expect(differences).toEqual([]);
        changed += 1;
      }),
      { numRuns: 8, endOnFailure: true },
    );
    expect(changed).toBe(8);
  });
});

test("one model more, with which as many may be out as can be health-checked, changes the health checks and nothing else", () => {
  const globalEndpoint = { routing: "latency" as const, minimumHealthyModels: 1 };
  const entry = {
    ...validFile().entry,
    allow: ["203.0.113.0/24"],
    waf: { requestsPerMinute: { address: 1000, key: 5000 } },
  };
  const less = globalEndpointFile(globalEndpoint, undefined, { entry });
  const silent = { ...validModel(), protocol: "grpc" as const, arguments: ["--grpc"] };
  const more = { ...less, models: { ...less.models, qwen: silent } };
  const before = synthesized(valid(less).deployment);
  const after = synthesized(valid(more).deployment);
  for (const stack of Object.keys(before)) {
    const gone = turnsWithHealthChecks(stack, less, more);
    const may = [...MAY_CHANGE.model, ...MAY_CHANGE_IN_GLOBAL.model];
    const differences = differencesOf(before[stack], after[stack], []).filter(
      (path) => !may.some((pattern) => pattern.test(path)),
    );
    expect(differences.filter((path) => !gone.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(gone.filter((pattern) => !differences.some((path) => pattern.test(path)))).toEqual([]);
  }
});

/** What a stack may lose or gain with the health checks, if the global endpoint has them for a region only before or only afterwards. */
function turnsWithHealthChecks(stack: string, before: WrittenFile, after: WrittenFile): readonly RegExp[] {
  const [earlier, later] = [healthCheckedRegions(before), healthCheckedRegions(after)];
  const turned = [...earlier, ...later].filter(
    (region) => earlier.includes(region) !== later.includes(region),
  );
  if (stack === "global") {
    return turned.length > 0 ? TURNS_WITH_HEALTH_CHECKS.global : [];
  }
  return turned.includes(stack) ? TURNS_WITH_HEALTH_CHECKS.region : [];
}

function healthCheckedRegions(file: WrittenFile): readonly string[] {
  return valid(file)
    .deployment.regions.filter(({ globalEndpoint }) =>
      globalEndpoint?.models.some(({ healthCheckPath }) => healthCheckPath !== undefined),
    )
    .map(({ name }) => name);
}

/** Paths of what is changed or removed afterwards. */
function differencesOf(before: Json, after: Json, path: readonly string[]): readonly string[] {
  if (path.at(-1) === "//" || before === after) {
    return [];
  }
  const bothHold = [before, after].every((value) => typeof value === "object" && value !== null);
  const sameLists = !Array.isArray(before) || (Array.isArray(after) && before.length === after.length);
  if (!bothHold || !sameLists) {
    return [path.join(".")];
  }
  const added = path.length < 3 ? [] : Object.keys(after).filter((key) => !(key in before));
  return [
    ...added.map((key) => [...path, key].join(".")),
    ...Object.keys(before).flatMap((key) => differencesOf(before[key], after[key], [...path, key])),
  ];
}

/** Rarely the number of a rule is one that a new rule takes: what happens then is for the tests of priorities. */
function keepsItsPriorities(less: WrittenFile, more: WrittenFile): boolean {
  const prioritiesOf = (file: WrittenFile) =>
    new Map(
      valid(file).deployment.regions.flatMap(({ name, rules }) =>
        rules.map(({ id, priority }) => [`${name} ${id}`, priority]),
      ),
    );
  const after = prioritiesOf(more);
  return [...prioritiesOf(less)].every(([rule, priority]) => after.get(rule) === priority);
}

function withoutModel(file: WrittenFile): WrittenFile | undefined {
  const names = Object.keys(file.models).filter((name) => name !== file.entry.default);
  const gone = names.find((name) =>
    Object.values(file.regions).every((region) =>
      Object.keys(file.models).some((other) => other !== name && region.models?.[other] !== false),
    ),
  );
  if (gone === undefined) {
    return undefined;
  }
  const regions = Object.entries(file.regions).map(([name, region]) => [
    name,
    { ...region, models: omit(region.models ?? {}, gone) },
  ]);
  const { globalEndpoint } = file;
  const models = globalEndpoint?.models?.filter((name) => name !== gone);
  return {
    ...file,
    ...(globalEndpoint && {
      globalEndpoint: { ...globalEndpoint, ...(models && { models }), minimumHealthyModels: undefined },
    }),
    models: omit(file.models, gone),
    regions: Object.fromEntries(regions),
  };
}

function withoutRoute(file: WrittenFile): WrittenFile | undefined {
  return withModel(file, (model) =>
    model.routes === undefined || model.routes.length < 2
      ? undefined
      : { ...model, routes: model.routes.slice(0, -1) },
  );
}

function withoutVariant(file: WrittenFile): WrittenFile | undefined {
  const changed = withModel(file, (model) => {
    const [gone, ...others] = Object.keys(model.variants ?? {});
    return gone === undefined || others.length === 0
      ? undefined
      : { ...model, variants: omit(model.variants ?? {}, gone) };
  });
  // A region's override of a missing variant is refused.
  const overridden = Object.values(file.regions).some(({ models = {} }) =>
    Object.values(models).some((override) => override !== false && override.variants !== undefined),
  );
  return overridden ? undefined : changed;
}

function withoutRegion(file: WrittenFile): WrittenFile | undefined {
  const [gone, ...others] = Object.keys(file.regions);
  return gone === undefined || others.length === 0
    ? undefined
    : { ...file, ...withoutInOrder(file, gone), regions: omit(file.regions, gone) };
}

function withoutInOrder(
  { globalEndpoint }: WrittenFile,
  region: string,
): Pick<WrittenFile, "globalEndpoint"> {
  const order = globalEndpoint?.order?.filter((name) => name !== region);
  return globalEndpoint === undefined || order === undefined
    ? {}
    : { globalEndpoint: { ...globalEndpoint, order } };
}

function withoutGlobalEndpoint({ globalEndpoint, ...file }: WrittenFile): WrittenFile | undefined {
  const regions = Object.entries(file.regions).map(([name, region]) => [
    name,
    omit(omit(omit<unknown>(region, "traffic"), "weight"), "dial"),
  ]);
  return globalEndpoint === undefined ? undefined : { ...file, regions: Object.fromEntries(regions) };
}

describe("a region that is taken out of the global endpoint, or put back", () => {
  type Traffic = "served" | "drained" | "removed";

  /** All stacks before and after the second region gets another traffic. */
  const changedBy = (file: WrittenFile, traffic: Traffic) => {
    const [, second] = Object.keys(file.regions);
    const withTraffic = (given: Traffic): WrittenFile => ({
      ...file,
      regions: Object.fromEntries(
        Object.entries(file.regions).map(([name, region]) => [
          name,
          { ...region, traffic: name === second ? given : "served" },
        ]),
      ),
    });
    fc.pre(file.globalEndpoint !== undefined && second !== undefined && loadFile(withTraffic(traffic)).ok);
    const before = synthesizedTexts(
      valid(withTraffic(traffic === "served" ? "drained" : "served")).deployment,
    );
    const after = synthesizedTexts(valid(withTraffic(traffic)).deployment);
    expect(after.global).not.toBe(before.global);
    return { before, after, second: second ?? "" };
  };

  test.each(["drained", "served"] as const)("%s, changes the global endpoint and nothing else", (traffic) => {
    let changed = 0;
    fc.assert(
      fc.property(small, (file) => {
        const { before, after } = changedBy(file, traffic);
        expect({ ...after, global: "" }).toEqual({ ...before, global: "" });
        changed += 1;
      }),
      { numRuns: 6, endOnFailure: true },
    );
    expect(changed).toBe(6);
  });

  test("removed, changes the global endpoint, and sizes of the others that are to survive a region", () => {
    let changed = 0;
    fc.assert(
      fc.property(arbitraryServingFile({ models: 2, regions: 3 }), (file) => {
        const { before, after, second } = changedBy(file, "removed");
        expect(after[second]).toBe(before[second]);
        const mayGrow = JSON.stringify(file).includes('"survive":"region"') ? SIZES : [];
        for (const stack of Object.keys(before).filter((name) => name !== "global")) {
          const differences = differencesOf(
            JSON.parse(before[stack] ?? ""),
            JSON.parse(after[stack] ?? ""),
            [],
          );
          expect(differences.filter((path) => !mayGrow.some((size) => size.test(path)))).toEqual([]);
        }
        changed += 1;
      }),
      { numRuns: 6, endOnFailure: true },
    );
    expect(changed).toBe(6);
  });

  test("removed, makes the others grow before it leaves the global endpoint, and taken out of the file, no more", () => {
    const demand = { peakRequestsPerMinute: 600, requestsPerMinutePerInstance: 100 };
    const model = { ...validModel(), capacity: demand, survive: "region" as const };
    const file = (ireland: object | undefined) =>
      globalEndpointFile(
        { routing: "latency" },
        { "us-east-1": {}, "ca-central-1": {}, ...(ireland && { "eu-west-1": ireland }) },
        { models: { llama: model } },
      );
    const instances = (written: WrittenFile) =>
      Object.fromEntries(
        Object.entries(synthesized(valid(written).deployment)).flatMap(([stack, json]) =>
          resourcesOfType(json, "aws_autoscaling_group").map(({ min_size }) => [stack, min_size]),
        ),
      );
    expect(instances(file({}))).toEqual({ "us-east-1": 9, "ca-central-1": 9, "eu-west-1": 9 });
    expect(instances(file({ traffic: "drained" }))).toEqual(instances(file({})));
    expect(instances(file({ traffic: "removed" }))).toEqual({
      "us-east-1": 12,
      "ca-central-1": 12,
      "eu-west-1": 9,
    });
    expect(instances(file(undefined))).toEqual({ "us-east-1": 12, "ca-central-1": 12 });
  });
});

/** The file with the first model changed that can be. */
function withModel(
  file: WrittenFile,
  change: (model: WrittenFile["models"][string]) => WrittenFile["models"][string] | undefined,
): WrittenFile | undefined {
  for (const [name, model] of Object.entries(file.models)) {
    const changed = change(model);
    if (changed !== undefined) {
      return { ...file, models: { ...file.models, [name]: changed } };
    }
  }
  return undefined;
}

function omit<T>(map: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(map).filter(([each]) => each !== key));
}

/** The same value with its keys, and its lists of routes, in another order. */
function shuffle(value: unknown, roll: () => number, key?: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffle(item, roll));
    return key === "routes" ? inAnotherOrder(items, roll) : items;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([each, inner]) => [each, shuffle(inner, roll, each)] as const);
  return Object.fromEntries(inAnotherOrder(entries, roll));
}

function inAnotherOrder<T>(items: readonly T[], roll: () => number): T[] {
  return items
    .map((item) => ({ item, place: roll() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Numbers that follow from a seed alone. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}
