import { unknownIn } from "../simulation/terraform/resolve";
import type { Json } from "../testing/terraform/json";
import type { Part } from "./part";
import type { World } from "./world";

/** What a member of a list of subnets says of itself. */
interface Subnet {
  /** The subnet, as the list names it. */
  readonly named: string;
  /** Its zone; `undefined` where the stack does not say it. */
  readonly zone?: string;
}

/** The subnets in an argument, or in blocks that name one each. @throws NotKnown */
export function subnetsOf(part: Part, argument: string, world: World): readonly Subnet[] {
  return part.list(argument).map((each) => {
    const named = nameOf(each);
    const unknown = unknownIn(named);
    const subnet = world
      .beside(part, "aws_subnet", "data.aws_subnet")
      .find(({ address }) => address === unknown?.address);
    const zone = subnet?.value("availability_zone") ?? subnet?.value("availability_zone_id");
    return typeof zone === "string" ? { named, zone } : { named };
  });
}

function nameOf(each: Json): string {
  return String(typeof each === "object" && each !== null ? each.subnet_id : each);
}

/** How many zones subnets are in at most: a subnet whose zone the stack does not say counts as one of its own. */
export function countZones(subnets: readonly Subnet[]): number {
  return new Set(subnets.map(({ named, zone }) => zone ?? named)).size;
}
