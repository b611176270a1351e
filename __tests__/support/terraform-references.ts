import type { Json } from "./synthesis";

/** Names that an expression may use without a declaration in the stack. */
const BUILT_IN = new Set(["each", "self", "path", "terraform", "count"]);

/**
 * Undeclared references of a stack's expressions: to resources, data sources, locals and variables, by their
 * addresses. Names that an expression binds itself (`for subnet in …`) are its own.
 */
export function undeclaredReferences(stack: Json): readonly string[] {
  const declared = declaredIn(stack);
  const references = textsIn(stack).flatMap(expressionsIn).flatMap(referencesIn);
  const dependencies = dependenciesIn(stack);
  return [...new Set([...references, ...dependencies])].filter((address) => !declared.has(address)).sort();
}

function declaredIn({ resource = {}, data = {}, locals = {}, variable = {} }: Json): ReadonlySet<string> {
  const addresses = (blocks: Json, prefix: string) =>
    Object.entries<Json>(blocks).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${prefix}${type}.${id}`),
    );
  return new Set([
    ...addresses(resource, ""),
    ...addresses(data, "data."),
    ...Object.keys(locals).map((id) => `local.${id}`),
    ...Object.keys(variable).map((id) => `var.${id}`),
  ]);
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function dependenciesIn(value: Json): readonly string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  const own = Array.isArray(value.depends_on) ? value.depends_on : [];
  return [...own, ...Object.values(value).flatMap(dependenciesIn)];
}

/** The insides of all `${…}`, braces within them counted. */
function expressionsIn(text: string): readonly string[] {
  const expressions: string[] = [];
  for (let start = text.indexOf("${"); start !== -1; start = text.indexOf("${", start)) {
    let depth = 1;
    let end = start + 2;
    for (; depth > 0 && end < text.length; end += 1) {
      depth += text[end] === "{" ? 1 : text[end] === "}" ? -1 : 0;
    }
    expressions.push(text.slice(start + 2, end - 1));
    start = end;
  }
  return expressions;
}

/** `aws_lb.main.arn` is `aws_lb.main`; text in quotes is none. */
function referencesIn(expression: string): readonly string[] {
  const bare = expression.replace(/"(\\.|[^"\\])*"/g, "");
  const bound = new Set([...bare.matchAll(/\bfor (?:\w+, )?(\w+) in\b/g)].map(([, name]) => name));
  return [
    ...bare.matchAll(/(?<![\w.\])-])((?:data\.)?[a-z_]\w*\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)?)/g),
  ].flatMap(([, path = ""]) => {
    const steps = path.split(".");
    const [head = ""] = steps;
    if (BUILT_IN.has(head) || bound.has(head)) {
      return [];
    }
    return [steps.slice(0, head === "data" ? 3 : 2).join(".")];
  });
}
