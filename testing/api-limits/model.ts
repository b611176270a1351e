import models from "./models.json";

/** A structure: its members, each with the name of its shape. */
export interface Structure {
  readonly members: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
}

/** A list: the name of its items' shape, and how many it holds. */
export interface List {
  readonly list: string;
  readonly min?: number;
  readonly max?: number;
}

/** A map: the names of the shapes of its keys and its values, and how many it holds. */
export interface Dictionary {
  readonly map: readonly [string, string];
  readonly min?: number;
  readonly max?: number;
}

/** A value: its kind, and what the model says of it. `min` and `max` are of a number, or of the length of a text. */
export interface Scalar {
  readonly type: ScalarType;
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole text matches, for JavaScript with the flag `u`. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

/** The kinds of values in a service model. A shape's name that is one of these is a value without a limit. */
export const SCALAR_TYPES = [
  ...["string", "blob", "timestamp"],
  ...["boolean", "integer", "long", "float", "double"],
] as const;

/** One of {@link SCALAR_TYPES}. */
export type ScalarType = (typeof SCALAR_TYPES)[number];

/** A shape of a service model. */
export type Shape = Structure | List | Dictionary | Scalar;

/** What is kept of the model of a service. */
export interface ServiceModel {
  /** The version of the service's API: a date. */
  readonly api: string;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Patterns by shape that JavaScript cannot express, as the model has them. They are not checked. */
  readonly unchecked?: Readonly<Record<string, string>>;
}

/** The file that `npm run api-limits` writes. */
export interface Models {
  /** The version of botocore that the models are from. */
  readonly botocore: string;
  /** The day on which they were taken from it. */
  readonly taken: string;
  readonly services: Readonly<Record<string, ServiceModel>>;
}

/** AWS's own models of its services, as far as this project's resources need them. */
export const MODELS: Models = models as unknown as Models;

/** A name in a service model. */
export interface ShapeName {
  /** As botocore names the service: `elbv2`. */
  readonly service: string;
  readonly name: string;
}

/** @throws Error when the service's model has no such shape */
export function shapeOf({ service, name }: ShapeName): Shape {
  const shape = MODELS.services[service]?.shapes[name];
  if (shape !== undefined) {
    return shape;
  }
  if (SCALAR_TYPES.some((type) => type === name)) {
    return { type: name as ScalarType };
  }
  throw new Error(`the model of ${service} has no ${name}: add it to a table, then npm run api-limits`);
}

/** @throws Error when the service's model has no such structure */
export function structureOf(name: ShapeName): Structure {
  const shape = shapeOf(name);
  if ("members" in shape) {
    return shape;
  }
  throw new Error(`${name.name} of ${name.service} is no structure`);
}

/** The member of a structure, as a finding names it. */
export function sourceOf({ service, name }: ShapeName, member: string): string {
  return `${name}.${member} of ${service} ${MODELS.services[service]?.api} in botocore ${MODELS.botocore}`;
}

/**
 * The member that an argument is by convention: names are compared without case and underscores. The API may add an
 * `s` or `Config`, or lack an `s`.
 *
 * @example memberFor(createTargetGroup, "vpc_id") // "VpcId"
 * @example memberFor(action, "fixed_response") // "FixedResponseConfig"
 */
export function memberFor({ members }: Structure, argument: string): string | undefined {
  const plain = argument.replaceAll("_", "").toLowerCase();
  const candidates = [plain, `${plain}s`, `${plain}config`, plain.replace(/s$/, "")];
  const names = Object.keys(members);
  return candidates
    .map((candidate) => names.find((name) => name.toLowerCase() === candidate))
    .find((name) => name !== undefined);
}
