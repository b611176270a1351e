import { createHash } from "node:crypto";
import type { Json } from "../support/synthesis";

/** What does not change is kept only of these types, which say how requests flow and what is paid for. */
const LOOKED_AT =
  /^aws_(lb|lb_\w+|autoscaling_group|autoscaling_lifecycle_hook|eip|launch_template|nat_gateway|route53_(health_check|record)|security_group|subnet|vpc_security_group_\w+)$|^terraform_data$/;

/**
 * A plan as its test reads it: one line for each resource, without what no review looks at, and with what the emulator
 * forgets again and again as AWS would have it.
 */
export async function planText(plan: Json): Promise<string> {
  const { plannedChanges } = await import("../e2e/plan-changes");
  const { FORGOTTEN } = await import("../e2e/forgotten");
  const { regexIn } = await import("../e2e/rewrites/provider-five");
  /** An older provider takes no regular expressions, and the suite writes plain values for them. */
  const withRegexes = (rule: Json) => {
    for (const { host_header, path_pattern } of rule?.condition ?? []) {
      for (const matched of [...(host_header ?? []), ...(path_pattern ?? [])]) {
        const regexes = (matched.values ?? []).map(regexIn);
        if (regexes.some((regex: RegExp | undefined) => regex !== undefined)) {
          matched.regex_values = regexes.map((regex: RegExp) => regex.source.replaceAll("\\/", "/"));
          matched.values = [];
        }
      }
    }
  };
  const real = new Map(plannedChanges(plan).map((change) => [change.address, change]));
  const changes = plan.resource_changes.map(({ address, mode, type, name, change, action_reason }: Json) => {
    const { before, after } = change;
    for (const side of type === "aws_lb_listener_rule" ? [before, after] : []) {
      withRegexes(side);
    }
    const isForgotten = change.actions.join() === "update" && !real.has(address);
    for (const each of before && after ? FORGOTTEN.filter((some) => some.type === type) : []) {
      if (!real.get(address)?.differences.some((difference) => difference.path === each.path)) {
        set(before, each.path, after);
      }
    }
    return slim({
      ...{ address, mode, type, name, action_reason },
      change: {
        ...change,
        actions: isForgotten ? ["no-op"] : change.actions,
        before: isForgotten ? after : before,
      },
    });
  });
  const kept = changes.filter(
    ({ mode, type, change }: Json) =>
      mode === "managed" && (change.actions.join() !== "no-op" || LOOKED_AT.test(type)),
  );
  const addresses = new Set(kept.map(({ address }: Json) => address));
  const resources = plan.configuration.root_module.resources
    .filter(({ address }: Json) => addresses.has(address))
    .map(({ address, expressions }: Json) => slim({ address, expressions: referencesIn(expressions) }));
  const lines = (all: readonly Json[]) => `[\n${all.map((each) => JSON.stringify(each)).join(",\n")}\n]`;
  const { format_version, terraform_version } = plan;
  const region = plan.configuration.provider_config.aws.expressions.region.constant_value;
  return `{"format_version":${JSON.stringify(format_version)},"terraform_version":${JSON.stringify(terraform_version)},
"resource_changes":${lines(kept)},
"configuration":{"provider_config":{"aws":{"expressions":{"region":{"constant_value":${JSON.stringify(region)}}}}},"root_module":{"resources":${lines(resources)}}}}
`;
}

/** Gives a part of a value, at the path of FORGOTTEN, what another value has there. */
function set(value: Json, at: string, from: Json): void {
  const [first = "", ...rest] = at.split(".");
  if (
    rest.length === 0 ||
    typeof value[first] !== "object" ||
    value[first] === null ||
    value[first].length === 0
  ) {
    value[first] = from[first];
  } else {
    set(value[first], rest.join("."), from[first]);
  }
}

/** Without what is nothing, and with short texts for user data. */
function slim(value: Json, name = ""): Json {
  if (Array.isArray(value)) {
    return value.map((each) => slim(each));
  }
  if (typeof value === "object" && value !== null) {
    const kept = Object.entries<Json>(value)
      .filter(([key]) => !["tags_all", "timeouts", "after_identity", "before_identity"].includes(key))
      .filter(([key, each]) => key === "actions" || !isNothing(each))
      .map(([key, each]) => [key, slim(each, key)]);
    return Object.fromEntries(kept);
  }
  return name === "user_data" && typeof value === "string"
    ? createHash("sha256").update(value).digest("base64")
    : value;
}

function isNothing(value: Json): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function referencesIn(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(referencesIn);
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  return value.references !== undefined
    ? { references: value.references }
    : Object.fromEntries(Object.entries<Json>(value).map(([key, each]) => [key, referencesIn(each)]));
}
