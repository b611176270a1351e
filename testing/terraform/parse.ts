import type { Expression } from "./expression";

/** A text that Terraform could not read either. The message is the rest of a sentence about it. */
export class UnreadableExpression extends Error {}

/** Whether Terraform sees more in a string than its characters. */
export function isTemplate(text: string): boolean {
  return /[$%]\{/.test(text);
}

/**
 * A string of Terraform JSON, which is a template: text with `${…}` and `%{…}`. A template that is one `${…}` and
 * nothing else is the expression within.
 *
 * @throws UnreadableExpression
 */
export function parseTemplate(text: string): Expression {
  const reader = new Reader(text);
  const template = reader.template(() => reader.ended);
  return reader.ended ? template : reader.fail("the end");
}

/**
 * An expression without `${…}` around it.
 *
 * @throws UnreadableExpression
 */
export function parseExpression(text: string): Expression {
  const reader = new Reader(text);
  const expression = reader.expression();
  reader.take(SPACE);
  return reader.ended ? expression : reader.fail("the end");
}

const SPACE = /(?:\s|#.*|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const STEP = /\s*\.\s*([\p{L}_][\p{L}\p{N}_-]*)/uy;
const FUNCTION = /[\p{L}_][\p{L}\p{N}_-]*(?:::[\p{L}_][\p{L}\p{N}_-]*)*(?=\s*\()/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEREDOC = /<<-?([\p{L}_][\p{L}\p{N}_-]*)\n([\s\S]*?)\n?[ \t]*\1(?![\p{L}\p{N}_-])/uy;
const OPERATOR = /\|\||&&|[=!<>]=|[<>+*/%-]/y;
const DIRECTIVE = /%\{~?\s*(if|for|else|endif|endfor)\b/y;
/** What stands in a string for itself: escapes of `${` and `%{`, and characters that begin nothing. */
const TEXT = /(?:\$\$\{|%%\{|[^$%]|[$%](?!\{))/uy;
const QUOTED_TEXT = /(?:\$\$\{|%%\{|\\[\s\S]|[^$%"\\]|[$%](?!\{))/uy;

/** Reads one text from its beginning to its end, by the grammar of HCL's native syntax. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  get ended(): boolean {
    return this.at === this.text.length;
  }

  /** Takes what the pattern matches at this place, or nothing. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text) ?? undefined;
    this.at += match?.[0].length ?? 0;
    return match;
  }

  fail(wanted: string): never {
    const found = this.ended ? "it ends" : `"${this.text.slice(this.at, this.at + 20)}" stands`;
    throw new UnreadableExpression(`cannot be read: ${found} where ${wanted} should be`);
  }

  /** @param ends whether the template ends at this place */
  template(ends: () => boolean, text: RegExp = TEXT): Expression {
    const parts: Expression[] = [];
    let literal = "";
    const endText = () => {
      if (literal !== "") {
        parts.push({ kind: "literal", value: literal });
        literal = "";
      }
    };
    while (!ends()) {
      const taken = this.take(text);
      if (taken !== undefined) {
        literal += taken[0];
        continue;
      }
      endText();
      parts.push(this.ended ? this.fail("%{ endif } or %{ endfor }") : this.part(text));
    }
    endText();
    const [only] = parts;
    if (only === undefined) {
      return { kind: "literal", value: "" };
    }
    const alone = parts.length === 1 && !isDirective(only);
    return alone ? only : { kind: "compound", type: "string", parts };
  }

  private part(text: RegExp): Expression {
    return this.takes("${") ? this.interpolation() : this.directive(text);
  }

  private interpolation(): Expression {
    this.take(/~/y);
    const value = this.expression();
    this.closeBrace();
    return value;
  }

  private closeBrace(): void {
    this.take(SPACE);
    this.take(/~/y);
    this.takes("}") || this.fail("}");
  }

  /** `%{if}…%{endif}` or `%{for}…%{endfor}`. */
  private directive(text: RegExp): Expression {
    const word = this.take(/%\{~?\s*(if|for)\b/y)?.[1];
    const body = () => {
      this.closeBrace();
      return this.template(() => /^%\{~?\s*(?:else|endif|endfor)\b/.test(this.text.slice(this.at)), text);
    };
    const end = (wanted: string) => {
      this.take(DIRECTIVE)?.[1] === wanted || this.fail(wanted);
      this.closeBrace();
    };
    if (word === "if") {
      const condition = this.expression();
      const parts = [condition, body()];
      if (/^%\{~?\s*else\b/.test(this.text.slice(this.at))) {
        this.take(DIRECTIVE);
        parts.push(body());
      }
      end("endif");
      return { kind: "compound", type: "string", parts };
    }
    if (word === "for") {
      const head = this.forHead();
      const parts = [body()];
      end("endfor");
      return { kind: "for", makes: "string", ...head, body: parts };
    }
    return this.fail("%{ if … } or %{ for … }");
  }

  expression(): Expression {
    const condition = this.operation();
    if (!this.symbol("?")) {
      return condition;
    }
    const first = this.expression();
    this.need(":");
    return { kind: "conditional", condition, branches: [first, this.expression()] };
  }

  /** Operands and operators. Which bind more tightly matters to no reference, and is left out. */
  private operation(): Expression {
    const parts = [this.operand()];
    const operators: string[] = [];
    for (let next = this.operator(); next !== undefined; next = this.operator()) {
      operators.push(next);
      parts.push(this.operand());
    }
    const [only] = parts;
    if (only !== undefined && parts.length === 1) {
      return only;
    }
    const type = operators.every((operator) => /^[+*/%-]$/.test(operator)) ? "number" : "bool";
    return { kind: "compound", type, parts };
  }

  private operator(): string | undefined {
    this.take(SPACE);
    return this.take(OPERATOR)?.[0];
  }

  private operand(): Expression {
    this.take(SPACE);
    const sign = this.take(/[!-]/y)?.[0];
    if (sign !== undefined) {
      return { kind: "compound", type: sign === "!" ? "bool" : "number", parts: [this.operand()] };
    }
    return this.steps(this.primary());
  }

  /** The attributes, keys and splats that follow a value. */
  private steps(start: Expression): Expression {
    let value = start;
    for (;;) {
      this.take(SPACE);
      if (this.take(/\.(?!\.\.)/y)) {
        this.take(SPACE);
        if (this.takes("*")) {
          value = { kind: "splat", of: value, each: this.attributes({ kind: "item" }) };
          continue;
        }
        const place = this.take(/\d+/y)?.[0];
        value =
          place === undefined
            ? { kind: "attribute", of: value, name: this.identifier() }
            : { kind: "index", of: value, key: { kind: "literal", value: Number(place) } };
      } else if (this.takes("[")) {
        if (this.take(/\s*\*\s*\]/y)) {
          return { kind: "splat", of: value, each: this.steps({ kind: "item" }) };
        }
        value = { kind: "index", of: value, key: this.expression() };
        this.need("]");
      } else {
        return value;
      }
    }
  }

  /** The attributes that follow `.*`. A key after them is one of the list. */
  private attributes(start: Expression): Expression {
    let value = start;
    for (let name = this.take(STEP); name !== undefined; name = this.take(STEP)) {
      value = { kind: "attribute", of: value, name: name[1] ?? "" };
    }
    return value;
  }

  private primary(): Expression {
    if (this.takes('"')) {
      const text = this.template(() => this.text[this.at] === '"' || this.ended, QUOTED_TEXT);
      this.takes('"') || this.fail('"');
      return text;
    }
    if (this.takes("(")) {
      const value = this.expression();
      this.need(")");
      return value;
    }
    if (this.takes("[")) {
      return this.forIn("]", "tuple") ?? { kind: "tuple", items: this.list("]").items };
    }
    if (this.takes("{")) {
      return this.forIn("}", "object") ?? { kind: "object", entries: this.entries() };
    }
    const number = this.take(NUMBER)?.[0];
    if (number !== undefined) {
      return { kind: "literal", value: Number(number) };
    }
    const heredoc = this.take(HEREDOC)?.[2];
    if (heredoc !== undefined) {
      return parseTemplate(heredoc);
    }
    const called = this.take(FUNCTION)?.[0];
    if (called !== undefined) {
      this.need("(");
      const { items: args, spread } = this.list(")");
      return { kind: "call", name: called, args, spread };
    }
    const name = this.identifier();
    const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
    const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
    return constant === undefined ? { kind: "variable", name } : { kind: "literal", value: constant };
  }

  /** Values up to a bracket. The last may be `values...`, which are arguments of a function. */
  private list(end: string): { readonly items: readonly Expression[]; readonly spread: boolean } {
    const items: Expression[] = [];
    let spread = false;
    while (!this.symbol(end)) {
      items.push(this.expression());
      spread = this.symbol("...");
      if (!this.symbol(",")) {
        this.need(end);
        break;
      }
    }
    return { items, spread };
  }

  private entries(): readonly (readonly [Expression, Expression])[] {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.symbol("}")) {
      const word = this.take(/[\p{L}_][\p{L}\p{N}_-]*(?=\s*[=:])/uy)?.[0];
      const key: Expression = word === undefined ? this.expression() : { kind: "literal", value: word };
      this.symbol("=") || this.need(":");
      entries.push([key, this.expression()]);
      this.symbol(",");
    }
    return entries;
  }

  /** `for … in … : …` up to a bracket, if that is what stands here. */
  private forIn(end: string, makes: "tuple" | "object"): Expression | undefined {
    this.take(SPACE);
    if (!this.take(/for\b(?![-\w])/y)) {
      return undefined;
    }
    const head = this.forHead();
    this.need(":");
    const body = [this.expression()];
    if (makes === "object") {
      this.need("=>");
      const value = this.expression();
      // Values of one key are a list with it.
      body.push(this.symbol("...") ? { kind: "tuple", items: [value] } : value);
    }
    this.take(SPACE);
    if (this.take(/if\b(?![-\w])/y)) {
      body.push(this.expression());
    }
    this.need(end);
    return { kind: "for", makes, ...head, body };
  }

  /** Names of the key, if it has one, and of the value, and what they are taken from. */
  private forHead(): { readonly names: readonly string[]; readonly in: Expression } {
    this.take(SPACE);
    const names = [this.identifier()];
    if (this.symbol(",")) {
      this.take(SPACE);
      names.push(this.identifier());
    }
    this.need("in");
    return { names, in: this.expression() };
  }

  private identifier(): string {
    return this.take(IDENTIFIER)?.[0] ?? this.fail("a name");
  }

  private takes(symbol: string): boolean {
    const found = this.text.startsWith(symbol, this.at);
    this.at += found ? symbol.length : 0;
    return found;
  }

  private symbol(symbol: string): boolean {
    this.take(SPACE);
    return this.takes(symbol);
  }

  private need(symbol: string): void {
    this.symbol(symbol) || this.fail(symbol);
  }
}

/** Whether a part of a template makes text, however alone it stands. */
function isDirective(part: Expression): boolean {
  return (
    (part.kind === "for" && part.makes === "string") || (part.kind === "compound" && part.type === "string")
  );
}
