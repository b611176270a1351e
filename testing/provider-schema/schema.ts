import { readFileSync } from "node:fs";
import path from "node:path";

/** The type of an attribute, as `terraform providers schema -json` writes it. */
export type AttributeType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", AttributeType]
  | readonly ["object", Readonly<Record<string, AttributeType>>];

/** An argument that is written with `=`, or a value that only the provider sets. */
export interface Attribute {
  readonly type: AttributeType;
  readonly required?: true;
  readonly optional?: true;
  /** Whether the provider sets it, when `optional` too: when nothing else does. */
  readonly computed?: true;
}

/** A block within a block. */
export interface NestedBlock {
  /** What the blocks of its name are together. A `single` one there may be only once. */
  readonly nesting_mode: "single" | "list" | "set";
  /** 1 for a block that must be there. The bindings know no other minimum. */
  readonly min_items?: 1;
  /** 1 for a block that may be there only once. The bindings know no other maximum. */
  readonly max_items?: 1;
  readonly block: Block;
}

/** What may be written in a block. */
export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** The part of a provider's schema that this project uses, with the blocks of `terraform providers schema -json`. */
export interface ProviderSchema {
  /** Version of `@cdktf/provider-aws`, which it was read from. */
  readonly bindings: string;
  /** Version of the provider `hashicorp/aws`, which the bindings were made for. */
  readonly version: string;
  readonly provider: Block;
  /** By their types, e.g. `aws_lb`. */
  readonly resource_schemas: Readonly<Record<string, Block>>;
  readonly data_source_schemas: Readonly<Record<string, Block>>;
}

/** The schema that `npm run provider-schema` writes. */
export const providerSchema: ProviderSchema = JSON.parse(
  readFileSync(path.join(__dirname, "schema.json"), "utf8"),
);
