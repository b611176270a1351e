import { FUNCTIONS, givenBy, type MathType, WORDS, widest } from "./metric-functions";

/** Why CloudWatch would refuse an expression: the rest of a sentence about it. */
export class MathError extends Error {}

/**
 * Reads an expression of CloudWatch metric math. CloudWatch publishes no grammar: this parser is of this project, made from
 * the CloudWatch user guide, "Using math expressions with CloudWatch metrics".
 *
 * @param typeOf what another query of the same alarm gives, by its id; `undefined` when there is none
 * @returns what the expression gives
 * @throws MathError when CloudWatch would refuse it
 */
export function readMath(text: string, typeOf: (id: string) => MathType | undefined): MathType {
  return new Parser(tokensOf(text), typeOf).whole();
}

/** Operators from those that bind least to those that bind most; then the sign, then `^`. */
const OPERATORS: readonly (readonly string[])[] = [
  ["OR", "||"],
  ["AND", "&&"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
];

const TOKEN =
  /\$\{[^}]*\}|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_]\w*|"[^"]*"|'[^']*'|[=!<>]=|&&|\|\||[-+*/^<>(),[\]]/y;

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = text.search(/\S|$/); at < text.length; at += text.slice(at).search(/\S|$/)) {
    TOKEN.lastIndex = at;
    const [token] = TOKEN.exec(text) ?? [];
    if (token === undefined) {
      throw new MathError(`has ${text.slice(at, at + 10)}, which means nothing`);
    }
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

class Parser {
  #at = 0;
  readonly #tokens: readonly string[];
  readonly #typeOf: (id: string) => MathType | undefined;

  constructor(tokens: readonly string[], typeOf: (id: string) => MathType | undefined) {
    this.#tokens = tokens;
    this.#typeOf = typeOf;
  }

  whole(): MathType {
    const type = this.#operation(0);
    if (this.#next !== undefined) {
      throw new MathError(`has ${this.#next} where an operator or its end should be`);
    }
    return type;
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(token: string): boolean {
    const isNext = this.#next === token;
    this.#at += isNext ? 1 : 0;
    return isNext;
  }

  #operation(level: number): MathType {
    const operators = OPERATORS[level];
    if (!operators) {
      return this.#power();
    }
    let type = this.#operation(level + 1);
    for (let operator = this.#next; operator && operators.includes(operator); operator = this.#next) {
      this.#at += 1;
      type = widest([operand(type, operator), operand(this.#operation(level + 1), operator)]);
    }
    return type;
  }

  #power(): MathType {
    if (this.#take("-")) {
      return operand(this.#power(), "-");
    }
    const base = this.#value();
    return this.#take("^") ? widest([operand(base, "^"), operand(this.#power(), "^")]) : base;
  }

  #value(): MathType {
    const token = this.#next;
    this.#at += 1;
    if (token === undefined) {
      throw new MathError("ends where a value should be");
    }
    if (token === "(") {
      const type = this.#operation(0);
      this.#close(")");
      return type;
    }
    if (token === "[") {
      for (const type of this.#list("]")) {
        operand(type, "[ ]");
      }
      return "several series";
    }
    if (token.startsWith("$")) {
      return "anything";
    }
    if (/^[\d.]/.test(token)) {
      return "number";
    }
    if (/^["']/.test(token)) {
      return "text";
    }
    return this.#take("(") ? this.#call(token) : this.#named(token);
  }

  #named(name: string): MathType {
    const type = this.#typeOf(name) ?? (WORDS.has(name) ? "word" : undefined);
    if (type === undefined) {
      throw new MathError(
        /^\w/.test(name) ? `uses ${name}, the id of no query` : `has ${name} where a value should be`,
      );
    }
    return type;
  }

  #call(name: string): MathType {
    const called = FUNCTIONS[name];
    if (!called) {
      throw new MathError(`calls ${name}, which is no function`);
    }
    const given = this.#list(")");
    const least = called.takes.length;
    const all = [...called.takes, ...(called.more ?? [])];
    if (given.length < least || given.length > all.length) {
      const wanted = least === all.length ? least : `${least} to ${all.length}`;
      throw new MathError(`gives ${name} ${given.length} arguments, and it takes ${wanted}`);
    }
    for (const [index, type] of given.entries()) {
      const wanted = all[index] ?? [];
      if (type !== "anything" && !wanted.includes(type)) {
        const listed = wanted.map(described).join(" or ");
        throw new MathError(`gives ${name} ${described(type)}, and its argument ${index + 1} is ${listed}`);
      }
    }
    return givenBy(called, given);
  }

  /** Types of values up to a closing bracket. */
  #list(end: string): readonly MathType[] {
    const types: MathType[] = [];
    if (this.#take(end)) {
      return types;
    }
    do {
      types.push(this.#operation(0));
    } while (this.#take(","));
    this.#close(end);
    return types;
  }

  #close(bracket: string): void {
    if (!this.#take(bracket)) {
      throw new MathError(`has ${this.#next ?? "its end"} where ${bracket} should be`);
    }
  }
}

function operand(type: MathType, operator: string): MathType {
  if (type === "text" || type === "word") {
    throw new MathError(`uses ${operator} on ${described(type)}`);
  }
  return type;
}

/** A type in a sentence. */
export function described(type: MathType): string {
  return type === "several series" || type === "anything" ? type : `a ${type}`;
}
