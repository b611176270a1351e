/** An expression of Terraform's language, as far as references and the types of values depend on it. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** A string with values in it, whose texts are parts too, or an operation: its value has no attributes. */
  | {
      readonly kind: "compound";
      readonly type: "string" | "number" | "bool";
      readonly parts: readonly Expression[];
    }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  /** `of[*]` or `of.*`, where `each` is what follows, applied to an `item`. */
  | { readonly kind: "splat"; readonly of: Expression; readonly each: Expression }
  | { readonly kind: "item" }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[] /** Whether the last stands for several: `values...`. */;
      readonly spread: boolean;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly branches: readonly [Expression, Expression];
    }
  | {
      readonly kind: "for";
      readonly makes: "tuple" | "object" | "string";
      readonly names: readonly string[];
      readonly in: Expression;
      /** Of an object: key, value. A condition is the last. */
      readonly body: readonly Expression[];
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [Expression, Expression])[] };
