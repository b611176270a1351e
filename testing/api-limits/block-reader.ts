import type { TextLimit } from "../../aws/limits";
import { entriesOf, isRecord, type Json, listOf } from "../terraform/json";
import { isWithin, misfitOfDocumented, misfitOfModel, type Plain, range, sentence } from "./fit";
import { type Dictionary, type List, type ShapeName, shapeOf, sourceOf, structureOf } from "./model";
import { type Member, type Resolved, resolve } from "./resolve";
import type { Block, Documented } from "./table";

/** A block that a table knows. */
export interface KnownBlock {
  readonly service: string;
  readonly block: Block;
}

const TAGGING = "Tagging AWS resources user guide, Tag naming limits and requirements";

/** The keys and values of tags, of which most models have no limits. */
const TAG_KEY: TextLimit = {
  minLength: 1,
  maxLength: 128,
  pattern: /^(?!aws:)/i,
  characters: "keys that do not begin with aws:",
  source: TAGGING,
};
const TAG_VALUE: TextLimit = { minLength: 0, maxLength: 256, source: TAGGING };

/** A structure of a request, and the paths of its members that have a value. */
interface Place {
  readonly structure: ShapeName;
  readonly given: Set<string>;
}

/** What a reader says. */
export interface Listener {
  /** Called for each value that AWS refuses or misses: the argument, what is wrong, and who says so. */
  readonly find: (argument: string, message: string, source: string) => void;
  /** Called with each argument that the table does not know. */
  readonly unknown: (argument: string) => void;
}

/** Reads the arguments of a resource or data source as the requests that they become. */
export class BlockReader {
  constructor(
    private readonly known: KnownBlock,
    private readonly listener: Listener,
  ) {}

  /** Reads the arguments of the whole resource, without those that are Terraform's own. */
  read(body: Json): void {
    this.structure("", body, { service: this.known.service, name: this.known.block.request });
  }

  /** Reads a block that becomes a structure, and asks for the members that it has to have. */
  private structure(path: string, body: Json, structure: ShapeName): void {
    const given = new Set<string>();
    this.arguments(path, body, { structure, given });
    for (const [holder, member] of missing(structure, [...given])) {
      if (this.known.block.provided?.includes(member) !== true) {
        this.listener.find(path, `has no ${member}, which AWS requires`, sourceOf(holder, member));
      }
    }
  }

  private arguments(path: string, body: Json, place: Place): void {
    for (const [name, value] of argumentsIn(body)) {
      this.argument(path === "" ? name : `${path}.${name}`, value, place);
    }
  }

  private argument(path: string, value: Json, place: Place): void {
    const resolved = resolvedOnce(this.known.block, place.structure, path);
    if (resolved === undefined) {
      this.listener.unknown(path);
    } else if (resolved.kind === "none") {
      this.documented(path, value, resolved.limits);
    } else if (resolved.kind === "member") {
      const { member, limits, suffix } = resolved;
      const whole = typeof value === "string" ? `${value}${suffix}` : value;
      if (member.path !== undefined) {
        place.given.add(member.path);
      }
      this.member(path, whole, member);
      this.documented(path, whole, limits);
    } else {
      for (const body of bodiesIn(value)) {
        if (resolved.kind === "enclosing") {
          this.arguments(path, body, place);
        } else {
          this.structure(path, body, { ...place.structure, name: resolved.request });
        }
      }
    }
  }

  private documented(path: string, value: Json, limits: readonly Documented[]): void {
    for (const plain of plainsIn(value)) {
      const misfit = misfitOfDocumented(plain, limits);
      if (misfit !== undefined) {
        const sources = new Set(limits.map(({ source }) => source));
        this.listener.find(path, sentence(misfit), [...sources].join("; "));
      }
    }
  }

  private member(path: string, value: Json, member: Member): void {
    const { holder, shape: name, through, isMap } = member;
    const shape = shapeOf({ ...holder, name });
    if (isMap || "map" in shape) {
      this.pairs(path, value, member);
    } else if (Array.isArray(value) && through !== undefined) {
      this.items(path, value, { ...through, list: name }, member);
    } else {
      // Where the API takes one text, it takes the items with commas between.
      this.value(path, Array.isArray(value) && "type" in shape ? value.join(",") : value, name, member);
    }
  }

  private value(path: string, value: Json, name: string, member: Member): void {
    const shape = shapeOf({ ...member.holder, name });
    if ("members" in shape) {
      for (const body of bodiesIn(value)) {
        this.structure(path, body, { ...member.holder, name });
      }
    } else if ("list" in shape && !isResolvedLater(value)) {
      this.items(path, [value].flat(), shape, member);
    } else if ("type" in shape) {
      for (const plain of plainsIn(value)) {
        const misfit = misfitOfModel(plain, shape);
        if (misfit !== undefined) {
          this.listener.find(path, sentence(misfit), sourceOf(member.holder, member.name));
        }
      }
    }
  }

  private items(path: string, items: readonly Json[], list: List, member: Member): void {
    this.count(path, items.length, list, member);
    for (const item of items) {
      this.value(path, item, list.list, member);
    }
  }

  /** A map, which the API takes as one, or as a list of pairs. */
  private pairs(path: string, map: Json, member: Member): void {
    const shape = shapeOf({ ...member.holder, name: member.shape });
    const [key = "", value = ""] =
      "list" in shape
        ? Object.values(structureOf({ ...member.holder, name: shape.list }).members)
        : (shape as Dictionary).map;
    const pairs = isResolvedLater(map) ? undefined : entriesOf(map);
    this.count(path, pairs?.length, shape as List | Dictionary, member);
    for (const [name, each] of pairs ?? []) {
      if (/(^|\.)tags$/.test(path)) {
        // What the model has a length of, it says itself.
        const length = (limit: TextLimit, { holder }: Member, of: string) =>
          "max" in shapeOf({ ...holder, name: of }) ? { ...limit, maxLength: Infinity } : limit;
        this.documented(path, name, [length(TAG_KEY, member, key)]);
        this.documented(`${path}.${name}`, each, [length(TAG_VALUE, member, value)]);
      }
      this.value(path, name, key, member);
      this.value(`${path}.${name}`, each, value, member);
    }
  }

  private count(
    path: string,
    count: number | undefined,
    { min, max }: List | Dictionary,
    member: Member,
  ): void {
    if (count !== undefined && !isWithin(count, min, max)) {
      const message = `has ${count} ${count === 1 ? "item" : "items"}; AWS takes ${range(min, max)}`;
      this.listener.find(path, message, sourceOf(member.holder, member.name));
    }
  }
}
const RESOLVED = new WeakMap<Block, Map<string, Resolved | undefined>>();

/** What `resolve` says, asked once for each argument of a block. */
function resolvedOnce(block: Block, structure: ShapeName, path: string): Resolved | undefined {
  const known = RESOLVED.get(block) ?? new Map<string, Resolved | undefined>();
  RESOLVED.set(block, known);
  if (!known.has(path)) {
    known.set(path, resolve(block, structure, path));
  }
  return known.get(path);
}

/**
 * Required members that no path leads to, each with its structure. A path may lead through structures that have no block
 * of their own: `MetricStat.Metric.Namespace`.
 */
function missing(structure: ShapeName, given: readonly string[]): readonly (readonly [ShapeName, string])[] {
  const { members, required = [] } = structureOf(structure);
  const tails = new Map<string, string[]>();
  for (const path of given) {
    const [head = "", ...tail] = path.split(".");
    tails.set(head, [...(tails.get(head) ?? []), ...(tail.length === 0 ? [] : [tail.join(".")])]);
  }
  const own = required.filter((member) => !tails.has(member)).map((member) => [structure, member] as const);
  const below = [...tails]
    .filter(([, paths]) => paths.length > 0)
    .flatMap(([head, paths]) => {
      const name = members[head] ?? "";
      const shape = shapeOf({ ...structure, name });
      return missing({ ...structure, name: "list" in shape ? shape.list : name }, paths);
    });
  return [...own, ...below];
}

/** Arguments that have a value, with those of dynamic blocks. */
function argumentsIn(body: Json): readonly (readonly [string, Json])[] {
  return entriesOf(body)
    .flatMap(([name, value]) =>
      name === "dynamic"
        ? entriesOf(value).map(([block, { content }]) => [block, content] as const)
        : [[name, value] as const],
    )
    .filter(([, value]) => value !== null && value !== undefined);
}

/** The bodies of a block, of which the JSON may have one or several. */
function bodiesIn(value: Json): readonly Json[] {
  return listOf(value).filter(isRecord);
}

/** The values that are known now, as Terraform reads them. */
function plainsIn(value: Json): readonly Plain[] {
  return listOf(value)
    .filter((each) => typeof each !== "object" && !isResolvedLater(each))
    .map((each) => (typeof each === "string" ? each.replace(/([$%])\1\{/g, "$1{") : each));
}

/** Whether a text has an expression or a directive in it. `$${` and `%%{` stand for themselves. */
function isResolvedLater(value: Json): boolean {
  return typeof value === "string" && /(?<!\$)\$\{|(?<!%)%\{/.test(value);
}
