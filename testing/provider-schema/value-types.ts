import { own } from "../terraform/json";
import type { ObjectType, ValueType } from "../terraform/value-type";
import { objectOf } from "../terraform/value-type";
import type { KnownBlock } from "./known-blocks";
import type { AttributeType, Block, NestedBlock } from "./schema";

const made = new WeakMap<Block, ObjectType>();

/** The type of a reference to a resource, a data source, or a block within one. */
export function valueOfBlock(known: KnownBlock): ObjectType {
  const { block, name, page } = known;
  const kept = made.get(block);
  if (kept) {
    return kept;
  }
  const type: ObjectType = {
    name,
    page: `${page}#attribute-reference`,
    attribute: (attribute) => {
      const { type: written } = own(block.attributes, attribute) ?? {};
      const nested = own(block.block_types, attribute);
      return written !== undefined
        ? valueOfAttribute(written, known, attribute)
        : nested && valueOfNested(nested, known, attribute);
    },
  };
  made.set(block, type);
  return type;
}

function valueOfNested(nested: NestedBlock, { name, page }: KnownBlock, attribute: string): ValueType {
  const of = valueOfBlock({ block: nested.block, name: `${name}.${attribute}`, page });
  return nested.nesting_mode === "single" ? of : { collection: nested.nesting_mode, of };
}

function valueOfAttribute(type: AttributeType, { name, page }: KnownBlock, attribute: string): ValueType {
  if (typeof type === "string") {
    return type;
  }
  if (type[0] === "object") {
    const within = { block: {}, name: `${name}.${attribute}`, page };
    const attributes = Object.entries(type[1]).map(
      ([key, each]) => [key, valueOfAttribute(each, within, key)] as const,
    );
    return {
      ...objectOf(Object.fromEntries(attributes)),
      name: within.name,
      page: `${page}#attribute-reference`,
    };
  }
  return { collection: type[0], of: valueOfAttribute(type[1], { block: {}, name, page }, attribute) };
}
