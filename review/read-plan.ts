import { count } from "../config/diagnostics/text";
import { entriesOf, isRecord, type Json, listOf } from "../testing/terraform/json";
import { asWritten } from "./as-written";
import {
  type Action,
  type Deployment,
  type ResourceChange,
  type StackChange,
  Unreadable,
} from "./deployment";
import { differencesOf, masked } from "./differences";
import { type PlanFile, planIn } from "./plan-file";

/**
 * Reads plans, one of each stack.
 *
 * @throws Unreadable for what is none, is broken off, is of another version, or of two deployments
 */
export function fromPlans(files: readonly PlanFile[]): Deployment {
  const read = files.map(({ file, text }) => ({ file, plan: planIn(file, text) }));
  const names = new Map<string, string>();
  const notes: string[] = [];
  for (const { file, plan } of read) {
    const name = deploymentName(plan);
    if (name === undefined) {
      notes.push(`${file} names no deployment of this project, so it is read as any Terraform plan.`);
    } else {
      names.set(name, names.get(name) ?? file);
    }
    notes.push(...notesOf(file, plan));
  }
  const [one, other] = [...names];
  if (one !== undefined && other !== undefined) {
    throw new Unreadable(
      `${one[1]} plans the deployment ${one[0]}, and ${other[1]} plans ${other[0]}: review the plans of one deployment`,
    );
  }
  const stacks = read.map(({ file, plan }) => stackOf(stackName(file), plan));
  const twice = stacks.find(({ name }, index) => stacks.findIndex((each) => each.name === name) < index);
  if (twice !== undefined) {
    throw new Unreadable(`two plans are of the stack ${twice.name}: name each file after its stack`);
  }
  return {
    name: one?.[0],
    stacks: stacks.sort((a, b) => (a.name < b.name ? -1 : 1)),
    deposed: read.reduce((sum, { plan }) => sum + deposedIn(plan), 0),
    notes: [...new Set(notes)],
  };
}

function stackName(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? file).replace(/(\.tfplan|\.plan)?\.json$/, "");
}

function deposedIn(plan: Json): number {
  return listOf(plan.resource_changes).filter((each) => each.deposed !== undefined).length;
}

function notesOf(file: string, plan: Json): readonly string[] {
  const drift = listOf(plan.resource_drift).filter(
    ({ change }) => change?.actions?.join() !== "no-op",
  ).length;
  const deposed = deposedIn(plan);
  const inModules = listOf(plan.resource_changes).filter(
    ({ mode, module_address, change }) =>
      mode !== "data" && module_address !== undefined && actionOf(change?.actions ?? []) !== "unchanged",
  ).length;
  return [
    ...(inModules > 0
      ? [
          `${file} changes ${count(inModules, "resource")} in modules: each is told by itself, not what they do together.`,
        ]
      : []),
    ...(plan.errored === true
      ? [`${file} ends with an error of Terraform's: it does not show all that would change.`]
      : []),
    ...(plan.complete === false && plan.errored !== true
      ? [`${file} leaves out what was not planned: it is not the whole change.`]
      : []),
    ...(deposed > 0
      ? [`${file} also deletes ${deposed} that an earlier replacement, which failed, has left over.`]
      : []),
    ...(drift > 0 ? [`${file} found ${count(drift, "resource")} changed by others than Terraform.`] : []),
  ];
}

function deploymentName(plan: Json): string | undefined {
  const found = listOf(plan.resource_changes).find(
    ({ address }) => address === "terraform_data.deployment-name",
  );
  const value = found?.change?.after ?? found?.change?.before;
  const name = value?.input?.name ?? value?.output?.name;
  return typeof name === "string" ? name : undefined;
}

/** Terraform's names of what happens. Source: Terraform documentation, "JSON Output Format", Change Representation. */
function actionOf(actions: readonly string[]): Action | "read" {
  switch (actions.join(", ")) {
    case "no-op":
    case "":
      return "unchanged";
    case "read":
      return "read";
    case "create":
    case "update":
    case "delete":
    case "forget":
      return actions[0] as Action;
    case "create, delete":
    case "create, forget":
      return "replace";
    default:
      return "replace with a gap";
  }
}

/** The region of the provider, which a variable may say. */
function regionIn(expression: Json, plan: Json): Json {
  const [, variable] = /^var\.([\w-]+)$/.exec(String(listOf(expression?.references)[0])) ?? [];
  return (
    expression?.constant_value ?? (variable === undefined ? undefined : plan.variables?.[variable]?.value)
  );
}

function stackOf(stack: string, plan: Json): StackChange {
  const managed = listOf(plan.resource_changes)
    .filter(({ mode, deposed }) => mode !== "data" && deposed === undefined)
    .map((each) => ({ each, action: actionOf(each.change.actions) }))
    .filter(({ action }) => action !== "read");
  const changes = managed.map(({ each, action }) => changeOf(each, action as Action));
  const written = new Map<string, Json>(
    listOf(plan.configuration?.root_module?.resources).map(({ address, expressions }) => [
      address,
      expressions,
    ]),
  );
  const regions = entriesOf(plan.configuration?.provider_config).filter(([name]) => name === "aws");
  const region = regionIn(regions[0]?.[1]?.expressions?.region, plan);
  const ids = idsIn(changes);
  const unknown = new Map<string, Json>(managed.map(({ each }) => [each.address, each.change.after_unknown]));
  const provider = typeof region === "string" ? { aws: [{ region }] } : {};
  const side = (which: "before" | "after") => ({
    provider,
    resource: resourcesOf(changes, (change) =>
      linked(
        which === "after"
          ? filled(change.after, unknown.get(change.address), written.get(plain(change.address)))
          : change[which],
        ids,
      ),
    ),
  });
  return {
    name: stack,
    region: typeof region === "string" ? region : stack,
    before: side("before"),
    after: side("after"),
    written: writtenIn(managed, written),
    isLeft: false,
    isChecked: deploymentName(plan) !== undefined,
    changes: [...changes].sort((a, b) => (a.address < b.address ? -1 : 1)),
    refusals: plan.errored === true ? ["Terraform ended this plan with an error: it cannot be applied."] : [],
  };
}

/** What the configuration writes of each resource; what it takes from a module is left out. */
function writtenIn(managed: readonly { readonly each: Json }[], written: ReadonlyMap<string, Json>): Json {
  const resource: Record<string, Record<string, Json>> = {};
  for (const { address, type, change } of managed.map(({ each }) => each)) {
    const expressions = written.get(plain(address));
    if (expressions !== undefined && isRecord(change.after)) {
      const { after: value, after_unknown: unknown, after_sensitive: sensitive } = change;
      const byName = resource[type] ?? {};
      resource[type] = byName;
      byName[address.slice(type.length + 1)] = asWritten(
        { value, unknown, sensitive, place: address },
        expressions,
      );
    }
  }
  return { resource };
}

function changeOf({ address, type, change }: Json, action: Action): ResourceChange {
  const marks = {
    unknown: change.after_unknown,
    sensitiveBefore: change.before_sensitive,
    sensitiveAfter: change.after_sensitive,
  };
  const both = isRecord(change.before) && isRecord(change.after);
  return {
    address,
    type,
    name: address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address,
    action,
    before: isRecord(change.before) ? masked(change.before, change.before_sensitive) : undefined,
    after: isRecord(change.after) ? masked(change.after, change.after_sensitive) : undefined,
    differences: both && action !== "unchanged" ? differencesOf(change.before, change.after, marks) : [],
  };
}

/** An address as the configuration has it: without the key of `count` and `for_each`. */
function plain(address: string): string {
  return address.replace(/\[[^\]]*\]$/, "");
}

function resourcesOf(
  changes: readonly ResourceChange[],
  body: (change: ResourceChange) => Json,
): Readonly<Record<string, Json>> {
  const all: Record<string, Record<string, Json>> = {};
  for (const change of changes) {
    const value = body(change);
    if (value !== undefined) {
      const byName = all[change.type] ?? {};
      all[change.type] = byName;
      byName[change.name] = value;
    }
  }
  return all;
}

/** Puts references of the configuration in the place of what is known only after an apply. */
function filled(value: Json, unknown: Json, expression: Json): Json {
  if (unknown === true) {
    const references = referencesOf(expression);
    return references.length > 1 ? references : references[0];
  }
  if (Array.isArray(unknown)) {
    const every = unknown.length > 0 && unknown.every((each) => each === true);
    return every
      ? filled(value, true, expression)
      : listOf(value).map((each, index) => filled(each, unknown[index], blockOf(expression, index)));
  }
  return isRecord(unknown) && isRecord(value)
    ? {
        ...value,
        ...Object.fromEntries(
          entriesOf(unknown)
            .map(([name, each]) => [name, filled(value[name], each, blockOf(expression, 0)?.[name])] as const)
            .filter(([, each]) => each !== undefined),
        ),
      }
    : value;
}

function blockOf(expression: Json, index: number): Json {
  return Array.isArray(expression) ? (expression[index] ?? expression[0]) : expression;
}

/** `aws_lb.entry_alb.arn` as a template; Terraform names what it is of, `aws_lb.entry_alb`, too. */
function referencesOf(expression: Json): readonly string[] {
  const all = listOf(expression?.references).map(String);
  return all
    .filter((each) => !all.some((other) => other !== each && other.startsWith(`${each}.`)))
    .map((each) => `\${${each}}`);
}

/** What the ARNs and ids of resources that are there refer to. */
function idsIn(changes: readonly ResourceChange[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { address, before, after } of changes) {
    for (const [attribute, id] of [before, after].flatMap((each) => [
      ["arn", each?.arn] as const,
      ["id", each?.id] as const,
    ])) {
      if (typeof id === "string" && /^(arn:|[a-z]+-[0-9a-f]{8,})/.test(id) && !ids.has(id)) {
        ids.set(id, `\${${address}.${attribute}}`);
      }
    }
  }
  return ids;
}

/** Attributes that a plan knows and synthesized JSON does not: without them a reference stays one. */
const ONLY_AWS_KNOWS = ["id", "arn", "latest_version", "default_version"];

/** The arguments of a resource, with references in the place of ids. */
function linked(body: Json, ids: ReadonlyMap<string, string>): Json {
  return isRecord(body)
    ? Object.fromEntries(
        entriesOf(body)
          .filter(([name]) => !ONLY_AWS_KNOWS.includes(name))
          .map(([name, each]) => [name, linkedValue(each, ids)]),
      )
    : body;
}

function linkedValue(value: Json, ids: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") {
    return ids.get(value) ?? value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => linkedValue(each, ids));
  }
  return isRecord(value)
    ? Object.fromEntries(entriesOf(value).map(([name, each]) => [name, linkedValue(each, ids)]))
    : value;
}
