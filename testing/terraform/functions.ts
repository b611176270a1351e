import type { Expression } from "./expression";
import table from "./functions.json";
import { own } from "./json";
import { groupOf, type ValueType } from "./value-type";

/** The type of an argument, as `terraform metadata functions -json` writes it. */
type Argument = string | readonly [string, ...unknown[]];

/** The arguments that a function has to be given, and the type of those that may follow. */
interface Signature {
  readonly takes: readonly Argument[];
  readonly more?: Argument;
}

const FUNCTIONS = table.functions as unknown as Readonly<Record<string, Signature>>;

/** The functions of the provider `aws`. Source: its documentation of version 6.25, Functions. */
const OF_AWS: Readonly<Record<string, Signature>> = {
  arn_build: { takes: ["string", "string", "string", "string", "string"] },
  arn_parse: { takes: ["string"] },
  trim_iam_role_path: { takes: ["string"] },
  user_agent: { takes: ["string", "string", "string"] },
};

const SOURCE = `https://developer.hashicorp.com/terraform/language/functions, of Terraform ${table.terraform}`;

/** Is told what is wrong with a call: the rest of a sentence about the expression. */
type Report = (message: string, source: string) => void;

/** Reports a function that does not exist, and arguments that it does not take. Those of other providers are not known. */
export function reportCall(
  { name, args, spread }: Expression & { readonly kind: "call" },
  types: readonly ValueType[],
  report: Report,
): void {
  const [, provider] = /^provider::(\w+)::/.exec(name) ?? [];
  if (provider !== undefined && provider !== "aws") {
    return;
  }
  const signature =
    provider === undefined
      ? own(FUNCTIONS, name.replace(/^core::/, ""))
      : own(OF_AWS, name.slice("provider::aws::".length));
  if (signature === undefined) {
    report(`calls ${name}, which is no function`, SOURCE);
    return;
  }
  const { takes, more } = signature;
  const most = more === undefined ? takes.length : Number.POSITIVE_INFINITY;
  if (!spread && (args.length < takes.length || args.length > most)) {
    report(
      `gives ${name} ${args.length} arguments, and it takes ${takes.length}${most > takes.length ? " or more" : ""}`,
      SOURCE,
    );
  }
  for (const [index, type] of types.entries()) {
    const wanted = takes[index] ?? more ?? "dynamic";
    const [is, has] = [groupOf(type), groupOfArgument(wanted)];
    if (is !== undefined && has !== undefined && is !== has && !(spread && index === types.length - 1)) {
      report(`gives ${name} a ${is} as argument ${index + 1}, and it takes a ${[wanted].flat()[0]}`, SOURCE);
    }
  }
}

function groupOfArgument(type: Argument): ReturnType<typeof groupOf> {
  if (typeof type === "string") {
    return type === "dynamic" ? undefined : "single value";
  }
  return type[0] === "list" || type[0] === "set" ? "list" : "object";
}
