import { regionPartition } from "../../aws/regions";
import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { isTemplate } from "../terraform/parse";
import { BlockCheck } from "./block-check";
import { cycleFindings } from "./cycles";
import { knownBlock, providerBlock } from "./known-blocks";
import { checkLanguage, unwrittenStates } from "./language";
import { checkMetaArguments, namesWithin, splitArguments } from "./meta-arguments";
import { namesOf } from "./names";
import { providerSchema } from "./schema";
import { valueOfBlock } from "./value-types";

const SCHEMA = `testing/provider-schema/schema.json, of @cdktf/provider-aws ${providerSchema.bindings}`;

/** The sections of a stack by type and name, each with what precedes the type in a reference. */
const SECTIONS = [
  ["resource", ""],
  ["data", "data."],
  ["ephemeral", "ephemeral."],
] as const;

/**
 * Compares a synthesized stack with the schema of the provider: arguments that no block has, required ones that are not
 * there, values of the wrong kind, blocks in the wrong place or number, references to what does not exist, and circles
 * of references. Resources of other providers are searched for references only.
 *
 * @param stack Terraform JSON, parsed
 * @param beside other stacks, parsed, whose outputs it may read from their state. References to outputs of a state that
 *   is none of theirs are not checked; that it is none of theirs is a finding when it is in the bucket of one
 */
export function providerFindings(stack: Json, beside: readonly Json[] = []): readonly Finding[] {
  const findings: Finding[] = [];
  const names = namesOf(stack, beside);
  const checkOf = (address: string) => new BlockCheck(address, names, (finding) => findings.push(finding));
  const aliases = entriesOf(stack.provider).flatMap(([provider, blocks]) =>
    listOf(blocks).flatMap(({ alias }) => (alias === undefined ? [] : `${provider}.${alias}`)),
  );

  for (const [section, prefix] of SECTIONS) {
    for (const [type, byName] of listOf(stack[section]).flatMap(entriesOf)) {
      for (const [name, body] of listOf(byName).flatMap(entriesOf)) {
        const check = checkOf(`${prefix}${type}.${name}`);
        const known = knownBlock(`${prefix}${type}`);
        const { own, others } = splitArguments(listOf(body)[0]);
        const inside = namesWithin(own, names);
        const self = known ? valueOfBlock(known) : "dynamic";
        checkMetaArguments(own, check, inside, self, aliases, section === "data");
        if (known !== undefined) {
          check.within(inside).body(others, known);
        } else {
          check.within(inside).references(others, "");
        }
        // The bindings have no ephemeral resources.
        if (known === undefined && type.startsWith("aws_") && section !== "ephemeral") {
          check.report("", "is of a type that the schema does not have: run npm run provider-schema", SCHEMA);
        }
      }
    }
  }
  for (const block of listOf(stack.provider?.aws)) {
    const check = checkOf(block?.alias === undefined ? "provider.aws" : `provider.aws.${block.alias}`);
    check.body(block, providerBlock);
    const { region } = block ?? {};
    if (typeof region === "string" && !isTemplate(region) && regionPartition(region) === undefined) {
      check.report("region", `is ${JSON.stringify(region)}, which is no region of AWS`, "aws/regions.ts");
    }
  }
  for (const [name, value] of entriesOf(stack.locals)) {
    checkOf(`local.${name}`).references(value, "");
  }
  for (const [name, { depends_on }] of entriesOf(stack.output)) {
    checkOf(`output.${name}`).staticReferences(depends_on, "depends_on");
  }
  for (const [name, body] of entriesOf(stack.module)) {
    const { own, others } = splitArguments(body);
    const { source: _source, version: _version, providers: _providers, ...inputs } = others;
    const check = checkOf(`module.${name}`);
    const inside = namesWithin(own, names);
    checkMetaArguments(own, check, inside, "dynamic", aliases, false);
    check.within(inside).references(inputs, "");
  }
  checkLanguage(stack, checkOf);
  return [...findings, ...versionFindings(stack), ...cycleFindings(stack), ...unwrittenStates(stack, beside)];
}

/** A stack that pins another version of the provider than the one that the schema is of. */
function versionFindings({ terraform }: Json): readonly Finding[] {
  const version = terraform?.required_providers?.aws?.version;
  const pinned = /^=?\s*(\d+\.\d+\.\d+)$/.exec(version ?? "")?.[1];
  return pinned === undefined || pinned === providerSchema.version
    ? []
    : [
        {
          address: "terraform",
          argument: "required_providers.aws.version",
          message: `is ${pinned}, and the schema is of ${providerSchema.version}: run npm run provider-schema`,
          source: SCHEMA,
        },
      ];
}
