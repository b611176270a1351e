// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are templates of Terraform
import { parseExpression, parseTemplate, UnreadableExpression } from "../../../testing/terraform/parse";
import { typeOf } from "../../../testing/terraform/type-of";
import type { ValueType } from "../../../testing/terraform/value-type";

/** The names that a template begins references with, in order. Names that it binds itself are none. */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  const name = (each: string): ValueType => {
    names.push(each);
    return "dynamic";
  };
  typeOf(parseTemplate(text), { name, report: () => {} });
  return names;
}

describe("references are found", () => {
  it.each([
    ["in text", "a ${b.c} d ${e.f}", ["b", "e"]],
    ["in functions", '${join("-", [a.b, concat(c.d...)])}', ["a", "c"]],
    ["in functions of a provider", "${provider::aws::arn_parse(a.b)}", ["a"]],
    ["in strings of an expression", '${f("x ${a.b} \\"}", c)}', ["a", "c"]],
    ["in conditionals and operations", "${!a.b || c.d >= -e.f ? g : (h)}", ["a", "c", "e", "g", "h"]],
    ["in keys", '${a.b[c.d].e["f"][0]}', ["a", "c"]],
    ["in splats", "${a[*].b[c]} ${d.*.e[0]}", ["a", "c", "d"]],
    ["in lists and objects", "${[a, { b = c, (d) : e }]}", ["a", "c", "d", "e"]],
    ["in lists over several lines, with comments", "${[\n a, # b\n c, /* d */ ]}", ["a", "c"]],
    ["in for, but not what it binds", "${[for k, v in a.b : v.c if k != d]}", ["a", "d"]],
    ["in for of objects", "${{ for v in a : v.k => b... }}", ["a", "b"]],
    ["in directives", "%{ if a }b%{ else }${c}%{ endif }%{~ for d in e ~}${d}%{ endfor }", ["a", "c", "e"]],
    ["in heredocs", "${<<-EOT\n  a ${b}\n  EOT\n}", ["b"]],
    ["not in escapes", '$${a} %%{b} ${"$${c}"} 5 % $d', []],
    ["not in names with for at their beginning", "${[format.a]}", ["format"]],
  ])("%s", (_where, text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

test("a template of one expression is that expression", () => {
  expect(parseTemplate("${a.b}")).toEqual(parseExpression("a.b"));
  expect(parseTemplate("${a.b} ")).toMatchObject({ kind: "compound", type: "string" });
});

describe("what Terraform cannot read", () => {
  it.each([
    ["${", "it ends where a name should be"],
    ["${a.}", '"}" stands where a name should be'],
    ["${a b}", '"b}" stands where } should be'],
    ["${f(a}", '"}" stands where ) should be'],
    ["${[a}", '"}" stands where ] should be'],
    ['${"a}', 'it ends where " should be'],
    ["${a ? b}", '"}" stands where : should be'],
    ["%{ foo }", '"%{ foo }" stands where %{ if … } or %{ for … } should be'],
    ["%{ if a }", "it ends where %{ endif } or %{ endfor } should be"],
    ["%{ endif }", '"%{ endif }" stands where %{ if … } or %{ for … } should be'],
  ])("%s is no template", (text, why) => {
    expect(() => parseTemplate(text)).toThrow(new UnreadableExpression(`cannot be read: ${why}`));
  });

  it("is more than one expression", () => {
    expect(() => parseExpression("a b")).toThrow('"b" stands where the end should be');
  });
});
