import { readdirSync, readFileSync } from "node:fs";
import ts from "@typescript/typescript6";
import { sourceFiles } from "../__tests__/support/source-files";
import type { Block, ProviderSchema } from "../testing/provider-schema/schema";
import { installedBindings, readType } from "./bindings";

/** Where the schema is kept. */
export const SCHEMA_FILE = "testing/provider-schema/schema.json";

/** The modules of the bindings that the project's own files import: constructs, stacks, examples, tests. */
export function importedModules(): readonly string[] {
  const files = readdirSync(".", { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !["node_modules", "cdktf.out"].includes(name))
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".ts"))
    .map(({ name }) => name);
  const imported = sourceFiles(files)
    .flatMap((file) => ts.preProcessFile(readFileSync(file, "utf8")).importedFiles)
    .flatMap(({ fileName }) => /^@cdktf\/provider-aws\/lib\/([\w-]+)$/.exec(fileName)?.[1] ?? []);
  return [...new Set(["provider", ...imported])].sort();
}

/** The schema of what the project imports from the installed bindings. */
export function importedSchema(): ProviderSchema {
  const types = importedModules().map(readType);
  const blocks = (kind: string) =>
    Object.fromEntries(types.filter((each) => each.kind === kind).map(({ type, block }) => [type, block]));
  return {
    bindings: installedBindings(),
    version: types[0]?.providerVersion ?? "",
    provider: blocks("provider").aws ?? {},
    resource_schemas: blocks("resource"),
    data_source_schemas: blocks("data source"),
  };
}

/** Why the committed schema is not that of the installed bindings, and what to do; `undefined` when it is. */
export function whyStale(committed: ProviderSchema, current: ProviderSchema): string | undefined {
  const typesOf = ({ resource_schemas, data_source_schemas }: ProviderSchema) => [
    ...Object.keys(resource_schemas),
    ...Object.keys(data_source_schemas).map((type) => `data.${type}`),
  ];
  const missing = typesOf(current).filter((type) => !typesOf(committed).includes(type));
  const why =
    committed.bindings !== current.bindings
      ? `is of @cdktf/provider-aws ${committed.bindings}, and ${current.bindings} is installed`
      : missing.length > 0
        ? `lacks types that the project imports: ${missing.join(", ")}`
        : schemaText(committed) !== schemaText(current)
          ? "is not what the installed bindings say of the types that the project imports"
          : undefined;
  return why && `${SCHEMA_FILE} ${why}: run npm run provider-schema`;
}

/** The schema as a file, with a line for each type. */
export function schemaText({ resource_schemas, data_source_schemas, ...others }: ProviderSchema): string {
  const byType = (blocks: Readonly<Record<string, Block>>) => `{\n${lines(blocks)}\n}`;
  return `{\n${lines(others)},\n"resource_schemas": ${byType(resource_schemas)},\n"data_source_schemas": ${byType(data_source_schemas)}\n}\n`;
}

function lines(properties: object): string {
  return Object.entries(properties)
    .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(",\n");
}
