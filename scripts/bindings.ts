import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "@typescript/typescript6";
import type { Attribute, AttributeType, Block, NestedBlock } from "../testing/provider-schema/schema";

/** What the bindings know of one type of the provider. */
export interface BoundType {
  readonly kind: "provider" | "resource" | "data source";
  /** e.g. `aws_lb`. */
  readonly type: string;
  /** Version of the provider. */
  readonly providerVersion: string;
  readonly block: Block;
}

const BINDINGS = "node_modules/@cdktf/provider-aws";

/** The version of the installed bindings. */
export function installedBindings(): string {
  return JSON.parse(readFileSync(path.join(BINDINGS, "package.json"), "utf8")).version;
}

const KINDS: Readonly<Record<string, BoundType["kind"]>> = {
  "cdktf.TerraformProvider": "provider",
  "cdktf.TerraformResource": "resource",
  "cdktf.TerraformDataSource": "data source",
};

/**
 * Reads one type from the TypeScript that the bindings were compiled from. Their source maps contain it. Its comments say
 * which attribute is computed, optional or required, and its functions which is a block, and of what kind.
 *
 * @param module a folder of the bindings' `lib`, e.g. `lb`, `data-aws-vpc`
 * @throws Error when the bindings have a form that this program does not know
 */
export function readType(module: string): BoundType {
  const source = new Source(module);
  const main = source.classes.find((each) => initializerOf(each, "tfResourceType") !== undefined);
  const kind = KINDS[main?.heritageClauses?.[0]?.types[0]?.expression.getText() ?? ""];
  const [, providerVersion] = /providerVersion: '([^']+)'/.exec(source.text) ?? [];
  if (main === undefined || kind === undefined || providerVersion === undefined) {
    throw source.error("it declares no type of a provider");
  }
  const type = textOf(initializerOf(main, "tfResourceType"));
  return { kind, type, providerVersion, block: source.blockOf(main, main) };
}

type Hcl = ReadonlyMap<string, ts.ObjectLiteralExpression>;

class Source {
  readonly text: string;
  readonly classes: readonly ts.ClassDeclaration[];
  private readonly functions: readonly ts.FunctionDeclaration[];
  private readonly interfaces: readonly ts.InterfaceDeclaration[];

  constructor(private readonly module: string) {
    const file = path.join(BINDINGS, "lib", module, "index.js");
    const [, map = ""] =
      /^\/\/# sourceMappingURL=data:application\/json;base64,(\S+)$/m.exec(readFileSync(file, "utf8")) ?? [];
    [this.text] = JSON.parse(Buffer.from(map, "base64").toString()).sourcesContent;
    const { statements } = ts.createSourceFile(module, this.text, ts.ScriptTarget.Latest, true);
    this.classes = statements.filter(ts.isClassDeclaration);
    this.functions = statements.filter(ts.isFunctionDeclaration);
    this.interfaces = statements.filter(ts.isInterfaceDeclaration);
  }

  error(what: string): Error {
    return new Error(`${this.module} of @cdktf/provider-aws cannot be read: ${what}`);
  }

  /**
   * @param described the class whose comments describe the attributes
   * @param written the function or the class that writes them as Terraform
   */
  blockOf(described: ts.ClassDeclaration, written: ts.Node): Block {
    const hcl = hclIn(written);
    const attributes: Record<string, Attribute> = {};
    const block_types: Record<string, NestedBlock> = {};
    for (const member of described.members) {
      const [, name = "", ...flags] = PRESENCE.exec(triviaOf(member)) ?? [];
      const [computed, optional, required] = flags.map((flag) => flag === "true");
      const argument = hcl.get(name);
      const nested = argument && this.nestedBlock(argument, required === true);
      if (nested !== undefined) {
        block_types[name] = nested;
      } else if (name !== "") {
        attributes[name] = {
          type: argument ? this.argumentType(argument) : this.computedType(described, name),
          ...(required && { required }),
          ...(optional && { optional }),
          ...(computed && { computed }),
        };
      }
    }
    const missing = [...hcl.keys()].filter((name) => !(name in attributes) && !(name in block_types));
    if (missing.length > 0) {
      throw this.error(`nothing is said of ${missing.join(", ")} of ${described.name?.text}`);
    }
    return {
      ...(Object.keys(attributes).length > 0 && { attributes }),
      ...(Object.keys(block_types).length > 0 && { block_types }),
    };
  }

  private nestedBlock(argument: ts.ObjectLiteralExpression, required: boolean): NestedBlock | undefined {
    const type = textIn(argument, "type");
    const mapper = this.mapperOf(argument);
    const [element = mapper] = ts.isCallExpression(mapper) ? mapper.arguments : [];
    if (textIn(argument, "isBlock") !== "true" || this.isObject(element)) {
      return undefined;
    }
    if (!/^(?:list|set|struct)$/.test(type)) {
      throw this.error(`a block is a ${type}`);
    }
    return {
      nesting_mode: type === "struct" ? "single" : (type as "list" | "set"),
      ...(required && { min_items: 1 as const }),
      ...(element === mapper && type !== "struct" && { max_items: 1 as const }),
      block: this.structOf(element),
    };
  }

  /** The block that a function of the bindings writes, e.g. `lbAccessLogsToHclTerraform`. */
  private structOf(name: ts.Expression): Block {
    const written = this.functions.find((each) => each.name?.text === name.getText());
    const [, first = "", rest = ""] = /^(.)(.*)ToHclTerraform$/.exec(name.getText()) ?? [];
    const struct = `${first.toUpperCase()}${rest}`;
    if (written === undefined) {
      throw this.error(`it has no function ${name.getText()}`);
    }
    const described = this.classes.find((each) => each.name?.text === `${struct}OutputReference`);
    return described ? this.blockOf(described, written) : this.argumentsOf(struct, written);
  }

  /** A block of the provider. Nothing refers to it, so there is no class, and its interface says what is required. */
  private argumentsOf(struct: string, written: ts.FunctionDeclaration): Block {
    const { members = [] } = this.interfaces.find((each) => each.name.text === struct) ?? {};
    const required = new Set(
      members.flatMap((each) => (each.questionToken === undefined ? [each.name?.getText()] : [])),
    );
    const attributes = [...hclIn(written)].map(([name, argument]): [string, Attribute] => {
      const [, property] = /\bstruct!\.(\w+)\)$/.exec(textIn(argument, "value")) ?? [];
      const type = this.argumentType(argument);
      return [name, required.has(property) ? { type, required: true } : { type, optional: true }];
    });
    if (members.length !== attributes.length) {
      throw this.error(`nothing describes ${struct}`);
    }
    return { attributes: Object.fromEntries(attributes) };
  }

  /**
   * Whether a struct is an object in an attribute, not a block. An object has to have all of its attributes, so the
   * bindings write `null` for those that are left out.
   */
  private isObject(name: ts.Expression): boolean {
    const written = this.functions.find((each) => each.name?.text === name.getText());
    const values = written ? [...hclIn(written).values()] : [];
    return values.some((argument) => /=== undefined \? null :/.test(textIn(argument, "value")));
  }

  private classNamed(name: string): ts.ClassDeclaration {
    const found = this.classes.find((each) => each.name?.text === name);
    if (found === undefined) {
      throw this.error(`it has no class ${name}`);
    }
    return found;
  }

  /** `mapper` of `value: mapper(…)`. */
  private mapperOf(argument: ts.ObjectLiteralExpression): ts.Expression {
    const given = propertyOf(argument, "value");
    const value = given && ts.isConditionalExpression(given) ? given.whenFalse : given;
    if (value === undefined || !ts.isCallExpression(value)) {
      throw this.error(`an argument has the value ${value?.getText()}`);
    }
    return value.expression;
  }

  private argumentType(argument: ts.ObjectLiteralExpression): AttributeType {
    return this.mappedType(this.mapperOf(argument), textIn(argument, "type"));
  }

  private mappedType(mapper: ts.Expression, collection: string): AttributeType {
    const primitive = PRIMITIVES[/^cdktf\.(\w+)ToHclTerraform$/.exec(mapper.getText())?.[1] ?? ""];
    if (primitive !== undefined) {
      return primitive;
    }
    if (ts.isIdentifier(mapper)) {
      return objectOf(this.structOf(mapper));
    }
    const [element] = ts.isCallExpression(mapper) ? mapper.arguments : [];
    const called = ts.isCallExpression(mapper) ? mapper.expression.getText() : "";
    if (element !== undefined && called === "cdktf.hashMapperHcl") {
      return ["map", this.mappedType(element, "map")];
    }
    if (element !== undefined && called === "cdktf.listMapperHcl") {
      return [collection === "set" ? "set" : "list", this.mappedType(element, "list")];
    }
    throw this.error(`an argument is made by ${mapper.getText()}`);
  }

  /** The type of an attribute that cannot be written, by what reads it. */
  private computedType(described: ts.ClassDeclaration, name: string): AttributeType {
    const getter = described.members
      .filter(ts.isGetAccessor)
      .find((each) => textOfBody(each).includes(`'${name}'`));
    const reading = READINGS.find(([pattern]) => pattern.test(getter ? textOfBody(getter) : ""));
    if (reading !== undefined) {
      return reading[1];
    }
    const held = described.members
      .filter(ts.isPropertyDeclaration)
      .flatMap(({ initializer }) => (initializer && ts.isNewExpression(initializer) ? [initializer] : []))
      .find(({ arguments: [, attribute] = [] }) => textOf(attribute) === name);
    const [, made = "", ofClass] =
      /^(.*?)(List|OutputReference|Map)$/.exec(held?.expression.getText() ?? "") ?? [];
    if (made.startsWith("cdktf.")) {
      const primitive = PRIMITIVES[made.slice("cdktf.".length).toLowerCase()];
      if (primitive !== undefined && ofClass === "Map") {
        return ["map", primitive];
      }
    } else if (made !== "") {
      const struct = this.classNamed(`${made}OutputReference`);
      const object = objectOf(this.blockOf(struct, struct));
      const inSet = held?.arguments?.[2]?.getText() === "true";
      return ofClass === "List"
        ? [inSet ? "set" : "list", object]
        : ofClass === "Map"
          ? ["map", object]
          : object;
    }
    throw this.error(`nothing reads ${name} of ${described.name?.text}`);
  }
}

const PRESENCE = /\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)/;

const PRIMITIVES: Readonly<Record<string, "string" | "number" | "bool" | "dynamic">> = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "dynamic",
};

/** How the bindings read attributes of each type. */
const READINGS: readonly (readonly [RegExp, AttributeType])[] = [
  [/^return this\.getStringAttribute\(/, "string"],
  [/^return this\.getNumberAttribute\(/, "number"],
  [/^return this\.getBooleanAttribute\(/, "bool"],
  [/^return this\.getListAttribute\(/, ["list", "string"]],
  [/^return this\.getNumberListAttribute\(/, ["list", "number"]],
  [/^return cdktf\.Fn\.tolist\(this\.getListAttribute\(/, ["set", "string"]],
  [/^return cdktf\.Fn\.tolist\(this\.getNumberListAttribute\(/, ["set", "number"]],
  [
    /^return cdktf\.Token\.asNumberList\(cdktf\.Fn\.tolist\(this\.getNumberListAttribute\(/,
    ["set", "number"],
  ],
  [/^return this\.getStringMapAttribute\(/, ["map", "string"]],
  [/^return this\.getNumberMapAttribute\(/, ["map", "number"]],
  [/^return this\.getBooleanMapAttribute\(/, ["map", "bool"]],
  [/^return this\.getAnyMapAttribute\(/, ["map", "dynamic"]],
];

/** A block that is the type of an attribute. All of its members are attributes. */
function objectOf({ attributes = {} }: Block): AttributeType {
  return ["object", Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, type]))];
}

/** `name: { value, isBlock, type, … }` in what writes a block. */
function hclIn(written: ts.Node): Hcl {
  const found = new Map<string, ts.ObjectLiteralExpression>();
  const visit = (node: ts.Node) => {
    if (ts.isPropertyAssignment(node) && ts.isObjectLiteralExpression(node.initializer)) {
      if (propertyOf(node.initializer, "isBlock") !== undefined) {
        found.set(node.name.getText(), node.initializer);
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(written);
  return found;
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  return object.properties
    .filter(ts.isPropertyAssignment)
    .find((property) => property.name.getText() === name)?.initializer;
}

function textIn(object: ts.ObjectLiteralExpression, name: string): string {
  const value = propertyOf(object, name);
  return value && ts.isStringLiteral(value) ? value.text : (value?.getText() ?? "");
}

function initializerOf(declared: ts.ClassDeclaration, property: string): ts.Expression | undefined {
  return declared.members.filter(ts.isPropertyDeclaration).find(({ name }) => name.getText() === property)
    ?.initializer;
}

function textOf(expression: ts.Expression | undefined): string {
  return expression && ts.isStringLiteral(expression) ? expression.text : "";
}

function textOfBody(getter: ts.GetAccessorDeclaration): string {
  return getter.body?.statements[0]?.getText() ?? "";
}

function triviaOf(node: ts.Node): string {
  return node.getFullText().slice(0, node.getLeadingTriviaWidth());
}
