import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "@typescript/typescript6";

const FOLDER = "constructs";
const EXAMPLE = "examples/constructs.ts";

/** The rooms of constructs/, in the order in which a stack needs them, with their titles. */
const ROOMS: Readonly<Record<string, string>> = {
  network: "Network",
  "load-balancer": "Load balancer",
  instance: "Instance",
  "auto-scaling": "Auto Scaling",
  alarms: "Alarms",
  global: "Global endpoint",
  storage: "Storage",
};

/** A test of a stack by whoever uses the constructs. */
const TEST = `import { Testing } from "cdktf";
import { EmbeddingsStack } from "../examples/constructs";
import "../testing/matchers";

test("the stack can be applied", () => {
  const stack = Testing.synth(new EmbeddingsStack(Testing.app(), "embeddings"));
  expect(stack).toFitTheProvider();
  expect(stack).toFitTheApi();
  expect(stack).toFitTheGrammars();
  expect(stack).toGrantWhatInstancesCall();
});`;

/** What each matcher looks at. */
const MATCHERS = [
  "- `toFitTheProvider()`: the version of the provider that this project pins. Every argument, required or unknown, the kind of each value, the nesting of blocks, and references to what does not exist. Stacks that read the outputs of others from their state are compared with them: `toFitTheProvider([other])`.",
  "- `toFitTheApi()`: AWS's own models of its services, and what its documentation and the provider add. Words, patterns, lengths and ranges, arguments that exclude or need each other, and resources that cannot both be there.",
  "- `toFitTheGrammars()`: texts with a language of their own. Policies, metric math, records of Route 53, regular expressions and JSON of listeners.",
  "- `toGrantWhatInstancesCall()`: the roles of instances with this project's user data allow what these instances call of AWS, and nothing else.",
].join("\n");

/** `docs/constructs.md`: each construct with what it makes, what it refuses and its props, from its docstrings. */
export function constructsPage(): string {
  const files = sourceFiles();
  const rooms = [...new Set(files.map(roomOf))]
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((room) => ({
      title: ROOMS[room] ?? room,
      constructs: files
        .filter((file) => roomOf(file) === room)
        .flatMap((file) => constructsIn(file).map((construct) => ({ construct, file }))),
    }))
    .filter(({ constructs }) => constructs.length > 0);
  const contents = rooms.map(
    ({ title, constructs }) =>
      `- ${title}: ${constructs.map(({ construct }) => linkTo(nameOf(construct))).join(", ")}`,
  );
  const parts = rooms.flatMap(({ title, constructs }) => [
    `## ${title}`,
    ...constructs.map(({ construct, file }) => entry(construct, file, files)),
  ]);
  return `${[intro(contents.join("\n")), ...parts].join("\n\n")}\n`;
}

function linkTo(construct: string): string {
  return `[${construct}](#${construct.toLowerCase()})`;
}

function placeOf(room: string): number {
  const place = Object.keys(ROOMS).indexOf(room);
  return place < 0 ? Object.keys(ROOMS).length : place;
}

function intro(contents: string): string {
  return [
    "<!-- Written by `npm run schema` from the docstrings in constructs/. -->",
    "# The constructs",
    `Each AWS part is a construct with its own props and defaults. None of them needs \`serving.yaml\` ([the guide](serving-yaml.md) is about that). What AWS would refuse only in the middle of an apply, a construct refuses at synthesis.`,
    contents,
    `[${EXAMPLE}](../${EXAMPLE}) builds a network, a load balancer, a target group and a group of GPU instances in one stack. It begins like this:`,
    `\`\`\`ts\n${beginningOfExample()}\n\`\`\``,
    `\`\`\`sh\nnpx cdktf synth --app "node run.cjs ${EXAMPLE}"\n\`\`\``,
    "Four matchers show offline whether a stack of yours will be applied as it is written. Each says what is wrong where, and who says so: a page of the provider, AWS's API reference, a user guide.",
    MATCHERS,
    `\`\`\`ts\n${TEST}\n\`\`\``,
    'Run `npm run provider-schema` after you import a type that this project does not use. What these matchers do not know is no proof: a type or an argument of AWS that nothing compares with its API fails `toFitTheApi()` until you name it, as in `toFitTheApi(["aws_sqs_queue", "aws_lb.enable_cross_zone_load_balancing"])`. Values that only an apply shows are not compared.',
    "In the tables below, a prop with a question mark may be left out.",
  ].join("\n\n");
}

function beginningOfExample(): string {
  const [, shown = ""] =
    /^(export class [\s\S]*?)\n {4}const targetGroup/m.exec(readFileSync(EXAMPLE, "utf8")) ?? [];
  return shown;
}

function sourceFiles(): readonly ts.SourceFile[] {
  return readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => path.posix.join(FOLDER, name.split(path.sep).join("/")))
    .map((name) => ts.createSourceFile(name, readFileSync(name, "utf8"), ts.ScriptTarget.Latest, true));
}

function roomOf({ fileName }: ts.SourceFile): string {
  return fileName.split("/")[1] ?? "";
}

function constructsIn(file: ts.SourceFile): readonly ts.ClassDeclaration[] {
  return file.statements
    .filter(ts.isClassDeclaration)
    .filter((each) =>
      each.heritageClauses?.some(({ types }) =>
        types.some(({ expression }) => expression.getText() === "Construct"),
      ),
    );
}

function entry(construct: ts.ClassDeclaration, file: ts.SourceFile, files: readonly ts.SourceFile[]): string {
  const name = nameOf(construct);
  const ofConstructor = construct.members.find(ts.isConstructorDeclaration);
  const refusals = ofConstructor === undefined ? [] : tagsOf(ofConstructor, "throws");
  const made = [...madeBy(construct, file, files)].sort();
  const read = made.filter((each) => each.startsWith(DATA));
  const examples = tagsOf(construct, "example").map((text) => `\`\`\`ts\n${text}\n\`\`\``);
  return [
    `### ${name}`,
    `[${file.fileName}](../${file.fileName})`,
    markdown(textOf(construct)),
    ...listed(
      "Makes",
      made.filter((each) => !each.startsWith(DATA)),
    ),
    ...listed("Reads", read),
    ...listed("Refuses to synthesize", [
      refusals.map((text) => oneLine(text.replace(/^(Range)?Error /, ""))).join("; "),
    ]),
    ...examples,
    propsTable(ofConstructor?.parameters[2]?.type, files),
  ].join("\n\n");
}

function listed(title: string, items: readonly string[]): readonly string[] {
  const text = items.join(", ");
  return text === "" ? [] : [`**${title}** ${text}.`];
}

/** How the name of a data source begins. */
const DATA = "`data.";

/** Terraform resources, data sources and other constructs that a class makes, itself or by functions it calls. */
function madeBy(
  node: ts.Node,
  file: ts.SourceFile,
  files: readonly ts.SourceFile[],
  seen = new Set<ts.Node>(),
): ReadonlySet<string> {
  const imports = importsOf(file);
  const made = new Set<string>();
  const visit = (each: ts.Node): void => {
    if (ts.isIdentifier(each)) {
      const module = imports.get(each.text);
      if (ts.isNewExpression(each.parent) && module?.startsWith(PROVIDER)) {
        made.add(terraformName(module));
      } else if (ts.isNewExpression(each.parent) && module === "cdktf" && each.text === "DataResource") {
        made.add("`terraform_data`");
      } else {
        const home = module === undefined ? file : fileOf(module, file, files);
        const found = home && declarationIn(home, each.text);
        if (found && ts.isClassDeclaration(found) && module !== undefined) {
          made.add(linkTo(each.text));
        } else if (home && found && ts.isFunctionDeclaration(found) && !seen.has(found)) {
          seen.add(found);
          for (const name of madeBy(found, home, files, seen)) {
            made.add(name);
          }
        }
      }
    }
    ts.forEachChild(each, visit);
  };
  visit(node);
  return made;
}

const PROVIDER = "@cdktf/provider-aws/lib/";

/** The file of constructs/ that a relative import refers to. */
function fileOf(
  module: string,
  { fileName }: ts.SourceFile,
  files: readonly ts.SourceFile[],
): ts.SourceFile | undefined {
  const name = `${path.posix.join(path.posix.dirname(fileName), module)}.ts`;
  return files.find((file) => file.fileName === name);
}

/** The modules of imported values, by the name each value has here. Types are left out. */
function importsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  const named = file.statements
    .filter(ts.isImportDeclaration)
    .flatMap(({ importClause, moduleSpecifier }) => {
      const bindings = importClause?.namedBindings;
      return importClause?.isTypeOnly || bindings === undefined || !ts.isNamedImports(bindings)
        ? []
        : bindings.elements
            .filter(({ isTypeOnly }) => !isTypeOnly)
            .map(({ name }) => [name.text, (moduleSpecifier as ts.StringLiteral).text] as const);
    });
  return new Map(named);
}

/** `aws_lb` of `@cdktf/provider-aws/lib/lb`. */
function terraformName(module: string): string {
  const name = module.replace(/^.*\//, "").replaceAll("-", "_");
  return name.startsWith("data_") ? `\`data.${name.slice("data_".length)}\`` : `\`aws_${name}\``;
}

function declarationIn(file: ts.SourceFile, name: string): ts.Statement | undefined {
  return file.statements.find((each) => ts.isDeclarationStatement(each) && nameOf(each) === name);
}

function nameOf(node: ts.DeclarationStatement): string {
  return node.name?.getText() ?? "";
}

function propsTable(type: ts.TypeNode | undefined, files: readonly ts.SourceFile[]): string {
  const rows = propsOf(type, files).map((prop) => {
    const [byDefault] = tagsOf(prop, "default");
    const meaning = [
      markdown(textOf(prop)),
      ...(byDefault === undefined ? [] : [`Default: ${markdown(byDefault)}.`]),
    ].join(" ");
    const name = `${prop.name.getText()}${prop.questionToken === undefined ? "" : "?"}`;
    const kind = (prop.type?.getText() ?? "")
      .replace(/\/\*\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\|/, "")
      .replaceAll("readonly ", "");
    return `| ${[`\`${name}\``, `\`${oneLine(kind)}\``, oneLine(meaning)].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| Prop | Type | Meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The props of an interface and of those that it extends, of `Omit<…>`, and of all members of a union or intersection. */
function propsOf(
  type: ts.TypeNode | undefined,
  files: readonly ts.SourceFile[],
): readonly ts.PropertySignature[] {
  if (type === undefined) {
    return [];
  }
  if (ts.isTypeLiteralNode(type)) {
    return propertiesOf(type);
  }
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) {
    return type.types
      .flatMap((each) => propsOf(each, files))
      .filter(({ type }) => type?.getText() !== "never");
  }
  if (!(ts.isTypeReferenceNode(type) || ts.isExpressionWithTypeArguments(type))) {
    throw new Error(`${type.getText()} is no kind of props that the page knows`);
  }
  const name = (ts.isTypeReferenceNode(type) ? type.typeName : type.expression).getText();
  const [first, second] = type.typeArguments ?? [];
  if (name === "Omit") {
    return propsOf(first, files).filter((prop) => !second?.getText().includes(`"${prop.name.getText()}"`));
  }
  const found = files.map((file) => declarationIn(file, name)).find((each) => each !== undefined);
  if (found !== undefined && ts.isTypeAliasDeclaration(found)) {
    return propsOf(found.type, files);
  }
  if (found === undefined || !ts.isInterfaceDeclaration(found)) {
    throw new Error(`${name} is no interface in ${FOLDER}`);
  }
  const inherited = found.heritageClauses?.flatMap(({ types }) =>
    types.flatMap((each) => propsOf(each, files)),
  );
  return [...propertiesOf(found), ...(inherited ?? [])];
}

function propertiesOf({
  members,
}: ts.InterfaceDeclaration | ts.TypeLiteralNode): readonly ts.PropertySignature[] {
  return members.filter(ts.isPropertySignature);
}

function docsOf(node: ts.Node): readonly ts.JSDoc[] {
  return ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
}

function textOf(node: ts.Node): string {
  return docsOf(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join("");
}

function tagsOf(node: ts.Node, name: string): readonly string[] {
  return docsOf(node)
    .flatMap(({ tags }) => [...(tags ?? [])])
    .filter(({ tagName }) => tagName.text === name)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "");
}

function markdown(text: string): string {
  return text.replace(/\{@link ([\w.]+)\}/g, "`$1`");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
