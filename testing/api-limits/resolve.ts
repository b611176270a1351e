import { type List, memberFor, type ShapeName, shapeOf, structureOf } from "./model";
import type { Block, Documented, Target } from "./table";

/** A member of a structure, reached by a path of members. */
export interface Member {
  /** The structure that holds it. */
  readonly holder: ShapeName;
  readonly name: string;
  /** The shape of its value. */
  readonly shape: string;
  /** The list that the path leads through: each value of the argument is in an item of its own. */
  readonly through?: List;
  /** Whether the argument is a map, and the member a list of pairs. */
  readonly isMap: boolean;
  /** Its path in the structure of the enclosing block; `undefined` when it is in another request. */
  readonly path?: string;
}

/** What an argument becomes. */
export type Resolved =
  | { readonly kind: "none"; readonly limits: readonly Documented[] }
  /** A block whose arguments belong to the enclosing structure. */
  | { readonly kind: "enclosing" }
  /** A block that becomes a request of its own. */
  | { readonly kind: "request"; readonly request: string }
  | {
      readonly kind: "member";
      readonly member: Member;
      readonly limits: readonly Documented[];
      /** What the provider appends to the value. */
      readonly suffix: string;
    };

/** The provider makes a name of `name_prefix` with 26 characters: the time and a counter. */
const SUFFIX = "0".repeat(26);
const PREFIX = /_prefix$/;

/**
 * What an argument of a block becomes: as the table says, or by convention. `undefined` when neither knows it.
 *
 * @param structure the structure that the enclosing block becomes
 * @param path the argument's, in the resource: `health_check.interval`
 * @throws Error when the table names a member that the model lacks
 */
export function resolve(block: Block, structure: ShapeName, path: string): Resolved | undefined {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const written = block.arguments?.[path] ?? byConvention(structure, name);
  if (written !== undefined) {
    return resolveTarget(typeof written === "string" ? { member: written } : written, structure);
  }
  const named = PREFIX.test(name) ? resolve(block, structure, path.replace(PREFIX, "")) : undefined;
  return named?.kind === "member" ? { ...named, suffix: SUFFIX } : undefined;
}

function byConvention(structure: ShapeName, name: string): string | undefined {
  const member = memberFor(structureOf(structure), name);
  return member !== undefined && name === "tags" ? `${member}{}` : member;
}

function resolveTarget({ member, limits = [] }: Target, { service, name }: ShapeName): Resolved {
  if (member === undefined) {
    return { kind: "none", limits };
  }
  if (member === ".") {
    return { kind: "enclosing" };
  }
  const [, request, path = ""] = /^(?:(\w+):)?(.*)$/.exec(member) ?? [];
  if (request !== undefined && path === "") {
    return { kind: "request", request };
  }
  const found = follow(path.replace(/\{\}$/, "").split("."), { service, name: request ?? name });
  return {
    kind: "member",
    member: {
      ...found,
      isMap: path.endsWith("{}"),
      path: request === undefined ? path.replace("{}", "") : undefined,
    },
    limits,
    suffix: "",
  };
}

/** Follows a path of members through structures, and through lists of structures. */
function follow(
  [name = "", ...others]: readonly string[],
  holder: ShapeName,
): Pick<Member, "holder" | "name" | "shape" | "through"> {
  const shape = structureOf(holder).members[name];
  if (shape === undefined) {
    throw new Error(`${holder.name} of ${holder.service} has no ${name}`);
  }
  if (others.length === 0) {
    return { holder, name, shape };
  }
  const found = shapeOf({ ...holder, name: shape });
  return "list" in found
    ? { through: found, ...follow(others, { ...holder, name: found.list }) }
    : follow(others, { ...holder, name: shape });
}
