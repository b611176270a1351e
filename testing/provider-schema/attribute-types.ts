import type { Json } from "../terraform/json";
import { groupOf } from "../terraform/value-type";
import type { Attribute, AttributeType, Block } from "./schema";

/** Objects in an attribute may be written as blocks, and then need not be whole. */
export function blockOfObjects(type: AttributeType = "dynamic"): Block | undefined {
  const of = typeof type !== "string" && (type[0] === "list" || type[0] === "set") ? type[1] : "dynamic";
  if (typeof of === "string" || of[0] !== "object") {
    return undefined;
  }
  const attributes = Object.entries(of[1]).map(([name, each]): [string, Attribute] => [
    name,
    { type: each, optional: true },
  ]);
  return { attributes: Object.fromEntries(attributes) };
}

export function convertsTo(value: Json, type: "string" | "number" | "bool"): boolean {
  switch (typeof value) {
    case "string":
      return type === "string" || (type === "number" ? NUMBER : /^(true|false)$/).test(value);
    case "number":
      return type !== "bool";
    case "boolean":
      return type !== "number";
    default:
      return false;
  }
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export function groupOfAttribute(type: AttributeType): ReturnType<typeof groupOf> {
  if (typeof type === "string") {
    return groupOf(type);
  }
  return type[0] === "list" || type[0] === "set" ? "list" : "object";
}

export function nameOf(type: AttributeType): string {
  if (typeof type === "string") {
    return type;
  }
  return type[0] === "object" ? "object" : `${type[0]} of ${nameOf(type[1])}`;
}
