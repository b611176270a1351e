import type { Json } from "../../testing/terraform/json";
import { typeAndName } from "../../testing/terraform/json";
import { type Reading, text } from "./reading";
import { resource, unknownIn } from "./resolve";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * Names the zones of subnets. A zone that only AWS knows gets a letter: `us-east-1a`, the next one `us-east-1b`. The
 * subnets of a load balancer are in different zones, because AWS takes no others.
 */
export class Zones {
  readonly #byKey = new Map<string, string>();

  constructor(
    private readonly reading: Reading,
    private readonly region: string,
  ) {}

  /** The zones of a list of subnets, each once, in the order of the list. */
  of(subnets: readonly Json[]): readonly string[] {
    const all = subnets.flatMap((subnet) => chosenIn(String(subnet)) ?? [subnet]);
    return [...new Set(all.map((subnet, index) => this.#zoneOf(subnet, index)))];
  }

  #zoneOf(subnet: Json, index: number): string {
    const key = this.#keyOf(subnet);
    if (key !== undefined && /^[\w-]+$/.test(key)) {
      return key;
    }
    const known = this.#byKey.get(key ?? String(subnet));
    if (known !== undefined) {
      return known;
    }
    // A subnet that the JSON does not have may be in the zone of one before it: as many zones, in the same order.
    const names = [...new Set(this.#byKey.values())];
    const isNew = key !== undefined || this.#byKey.size === 0 || names[index] === undefined;
    const name = isNew ? `${this.region}${LETTERS[names.length] ?? names.length}` : (names[index] as string);
    if (!isNew) {
      this.reading.note(
        { address: String(subnet) },
        `is taken to be in ${name}: the JSON does not say its zone`,
      );
    }
    this.#byKey.set(key ?? String(subnet), name);
    return name;
  }

  /** What is the same for all subnets of a zone; `undefined` where the JSON does not have the subnet. */
  #keyOf(subnet: Json): string | undefined {
    const unknown = unknownIn(subnet);
    const [type, name] = typeAndName(unknown?.address ?? "");
    const body = unknown && resource(this.reading.stacks[unknown.stack], type, name);
    const zone = body?.availability_zone ?? body?.availability_zone_id;
    return unknown === undefined || zone === undefined
      ? undefined
      : text(this.reading.resolver.resolve(zone, unknown.stack), "");
  }
}

/** One subnet for each zone by which an expression chooses some: which these are, only a plan knows. */
function chosenIn(expression: string): readonly string[] | undefined {
  const [, zones] = /\bcontains\(\[([^\]]*)\], subnet\.availability_zone\)/.exec(expression) ?? [];
  return zones?.split(",").map((zone) => `${expression}: ${zone.trim()}`);
}
