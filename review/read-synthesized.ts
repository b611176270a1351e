import { changeOf, refusal } from "../config/plan/changes";
import { regionOfStack } from "../simulation/terraform/read";
import { Resolver, type Stacks } from "../simulation/terraform/resolve";
import { providerSchema } from "../testing/provider-schema/schema";
import { entriesOf, isRecord, type Json, listOf, typeAndName } from "../testing/terraform/json";
import type { Action, Deployment, Difference, ResourceChange, StackChange } from "./deployment";
import { UNKNOWN } from "./deployment";
import { differencesOf } from "./differences";
import { forcesNew } from "./forces-new";
import { referencesIn } from "./references";

/** A resource as one side has it: as it is written, and with all that the stacks say. */
interface Sided {
  readonly type: string;
  readonly name: string;
  readonly written: Json;
  readonly resolved: Json;
}

type Side = ReadonlyMap<string, Sided>;

/** Attributes that change whenever the resource does. */
const MOVES_WITH: Readonly<Record<string, readonly string[]>> = {
  aws_launch_template: ["latest_version", "default_version"],
  terraform_data: ["output"],
};

/**
 * Reads two syntheses, as Terraform would compare them: what differs, what that replaces, and what follows because it
 * refers to that. What somebody has changed in AWS by hand, only a plan shows.
 */
export function fromSynthesized(before: Stacks, after: Stacks): Deployment {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const stacks = names.map((name) => stackChange(name, before, after));
  const named = Object.values(after).concat(Object.values(before)).flatMap(deploymentName);
  return { name: named[0], stacks, deposed: 0, notes: [] };
}

/** The name that a stack remembers. */
function deploymentName(stack: Json): readonly string[] {
  const name = stack?.resource?.terraform_data?.["deployment-name"]?.input?.name;
  return typeof name === "string" ? [name] : [];
}

function stackChange(name: string, before: Stacks, after: Stacks): StackChange {
  const [old, now] = [sideOf(before, name), sideOf(after, name)];
  const addresses = [...new Set([...old.keys(), ...now.keys()])].sort();
  const retagged = differencesOf(defaultTags(before[name]), defaultTags(after[name])).length > 0;
  const first = madeFirst(now);
  const changes = new Map(
    addresses.map((address) => [
      address,
      ownChange(address, old.get(address), now.get(address), { retagged, first }),
    ]),
  );
  follow(changes, now, changedData(before[name], after[name]), first);
  return {
    name,
    region: regionOfStack(after[name] ?? before[name], name),
    before: before[name] ?? {},
    after: after[name] ?? {},
    written: after[name] ?? {},
    isLeft: after[name] === undefined,
    isChecked: false,
    changes: [...changes.values()],
    refusals: [
      ...refusals(before[name], after[name]),
      ...otherPlaces(before[name], after[name]),
      ...keptResources([...changes.values()], now),
    ],
  };
}

function sideOf(stacks: Stacks, stack: string): Side {
  const resolver = new Resolver(stacks);
  return new Map(
    entriesOf(stacks[stack]?.resource).flatMap(([type, byName]) =>
      entriesOf(byName).map(([name, written]): [string, Sided] => {
        const { "//": _comment, depends_on: _order, lifecycle: _lifecycle, ...rest } = written;
        return [`${type}.${name}`, { type, name, written, resolved: resolver.resolve(rest, stack) }];
      }),
    ),
  );
}

function ownChange(
  address: string,
  before: Sided | undefined,
  after: Sided | undefined,
  { retagged, first }: { readonly retagged: boolean; readonly first: ReadonlySet<string> },
): ResourceChange {
  const [type, name] = typeAndName(address);
  const common = { address, type, name, before: before?.resolved, after: after?.resolved };
  if (before === undefined || after === undefined) {
    return { ...common, action: before === undefined ? "create" : "delete", differences: [] };
  }
  const ignored = listOf(after.written.lifecycle?.ignore_changes).map(String);
  const tagged = retagged && providerSchema.resource_schemas[type]?.attributes?.tags !== undefined;
  const differences = [
    ...differencesOf(before.resolved, after.resolved).filter(
      ({ path }) => !ignored.some((each) => each === "all" || path === each || path.startsWith(`${each}.`)),
    ),
    ...(tagged
      ? [{ path: "tags_all", before: "the tags of before", after: "other tags of the provider" }]
      : []),
  ];
  return { ...common, differences, action: actionOf(type, differences, first.has(address)) };
}

/**
 * The resources whose new one is made first: those that say so, and all that these depend on. Source: Terraform
 * documentation, "The lifecycle Meta-Argument", create_before_destroy.
 */
function madeFirst(now: Side): ReadonlySet<string> {
  const first = new Set(
    [...now]
      .filter(([, { written }]) => written.lifecycle?.create_before_destroy === true)
      .map(([each]) => each),
  );
  // An address that is added while the set is gone through has its turn too.
  for (const address of first) {
    const written = now.get(address)?.written;
    const needed = [...referencesIn(written).map((each) => each.address), ...listOf(written?.depends_on)];
    for (const each of needed.map(String).filter((other) => now.has(other))) {
      first.add(each);
    }
  }
  return first;
}

function actionOf(type: string, differences: readonly Difference[], isFirst: boolean): Action {
  if (differences.length === 0) {
    return "unchanged";
  }
  if (!differences.some(({ path }) => forcesNew(type, path.split(".")[0] ?? ""))) {
    return "update";
  }
  return isFirst ? "replace" : "replace with a gap";
}

/** What refers to something that changes, changes too: until nothing more does. */
function follow(
  changes: Map<string, ResourceChange>,
  now: Side,
  data: ReadonlySet<string>,
  first: ReadonlySet<string>,
): void {
  const references = [...now].map(([address, { written }]) => [address, referencesIn(written)] as const);
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    for (const [address, all] of references) {
      const change = changes.get(address);
      const ignored = listOf(now.get(address)?.written.lifecycle?.ignore_changes).map(String);
      const more = all
        .filter((reference) => isOther(reference, changes, data) && !ignored.includes(reference.argument))
        .map(({ argument }) => argument)
        .filter((argument) => !change?.differences.some(({ path }) => path.split(".")[0] === argument));
      if (change !== undefined && more.length > 0 && change.action !== "create") {
        const added = [...new Set(more)].map((path) => ({
          path,
          before: change.before?.[path],
          after: UNKNOWN,
        }));
        const differences = [...change.differences, ...added];
        const action = actionOf(change.type, differences, first.has(address));
        changes.set(address, { ...change, differences, action });
        goesOn = true;
      }
    }
  }
}

function isOther(
  { address, attribute }: { readonly address: string; readonly attribute: string },
  changes: ReadonlyMap<string, ResourceChange>,
  data: ReadonlySet<string>,
): boolean {
  const change = changes.get(address);
  switch (change?.action) {
    case undefined:
      return data.has(address);
    case "replace":
    case "replace with a gap":
      return true;
    case "update":
      return MOVES_WITH[change.type]?.includes(attribute) ?? false;
    default:
      return false;
  }
}

/** Data sources that ask for something else. */
function changedData(before: Json, after: Json): ReadonlySet<string> {
  const found = entriesOf(after?.data).flatMap(([type, byName]) =>
    entriesOf(byName)
      .filter(([name, body]) => {
        const old = before?.data?.[type]?.[name];
        return old !== undefined && differencesOf(askedIn(old), askedIn(body)).length > 0;
      })
      .map(([name]) => `data.${type}.${name}`),
  );
  return new Set(found);
}

/** What decides about the answer of a data source: how a state is reached does not. */
function askedIn({ "//": _comment, depends_on: _order, ...rest }: Json): Json {
  if (!isRecord(rest.config)) {
    return rest;
  }
  const { allowed_account_ids: _accounts, assume_role: _role, ...config } = rest.config;
  return { ...rest, config };
}

function defaultTags(stack: Json): Json {
  return listOf(stack?.provider?.aws).map(({ default_tags }) => listOf(default_tags).map(({ tags }) => tags));
}

/** Resources that Terraform would replace, and refuses to: their lifecycle keeps them. */
function keptResources(changes: readonly ResourceChange[], now: Side): readonly string[] {
  return changes
    .filter(
      ({ address, action }) =>
        action.startsWith("replace") && now.get(address)?.written.lifecycle?.prevent_destroy === true,
    )
    .map(({ address, differences }) => {
      const replacing = differences.find(({ path }) =>
        forcesNew(typeAndName(address)[0], path.split(".")[0] ?? ""),
      );
      return `${address} would be replaced because of ${replacing?.path ?? "its arguments"}, and prevent_destroy forbids it.`;
    });
}

/** Another account, or another place of the state: nothing that AWS has made moves there. */
function otherPlaces(before: Json, after: Json): readonly string[] {
  const account = (stack: Json) =>
    listOf(stack?.provider?.aws).flatMap(({ allowed_account_ids }) => listOf(allowed_account_ids));
  const state = (stack: Json) => {
    const { bucket, region, key } = stack?.terraform?.backend?.s3 ?? {};
    return bucket === undefined ? [] : [bucket, region, key];
  };
  return [["account", account] as const, ["state", state] as const]
    .filter(
      ([, of]) =>
        of(before).length > 0 && of(after).length > 0 && differencesOf(of(before), of(after)).length > 0,
    )
    .map(([id]) => refusal(changeOf(id), ""));
}

/** What a stack remembers from its first deploy, and refuses to have otherwise. */
function refusals(before: Json, after: Json): readonly string[] {
  return entriesOf(after?.resource?.terraform_data).flatMap(([name, now]) => {
    const old = before?.resource?.terraform_data?.[name];
    const [condition] = listOf(now.lifecycle?.postcondition);
    if (!isRecord(old) || condition === undefined || differencesOf(old.input, now.input).length === 0) {
      return [];
    }
    const [value = ""] = Object.values<Json>(old.input ?? {});
    return [String(condition.error_message).replaceAll(/\$\{self\.output\.\w+\}/g, String(value))];
  });
}
