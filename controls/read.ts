import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Stacks } from "../simulation/terraform/resolve";
import { entriesOf, isRecord, type Json, listOf } from "../testing/terraform/json";

/** What was read. */
export interface Input {
  /** By their names. Each has `resource` and `data` by type and name, and `provider` by name. */
  readonly stacks: Stacks;
  /** The file of each stack, the first of several; none of what is in memory. */
  readonly files: Readonly<Record<string, string>>;
  /** What is there and was not read, each a sentence. */
  readonly notRead: readonly string[];
}

/**
 * Reads Terraform JSON: a folder that `npm run synth` or `cdktf synth` has written, a folder with files `*.tf.json`, or
 * such a file.
 *
 * @throws Error where there is none, or nothing in it that a control could be about: a file that is broken, or of another
 *   program, must not count as one that fails nothing
 */
export function readInput(...places: readonly string[]): Input {
  const notRead: string[] = [];
  const read = Object.entries<readonly string[]>(
    Object.assign({}, ...places.map((place) => filesIn(place, notRead))),
  );
  const stacks = Object.fromEntries(read.map(([name, files]) => [name, readStack(files, notRead)]));
  if (!Object.values(stacks).some(hasSomething)) {
    const why = [...notRead, "no resource, data source or provider of Terraform"].join("; ");
    throw new Error(`${places.join(" and ")} has nothing to judge: ${why}.`);
  }
  return {
    stacks,
    files: Object.fromEntries(read.map(([name, [first = ""]]) => [name, first])),
    notRead,
  };
}

function hasSomething({ resource, data, provider }: Json): boolean {
  return [resource, data, provider].some((section) => Object.keys(section).length > 0);
}

/** Stacks that are in memory, as {@link readInput} reads them. */
export function asInput(stacks: Stacks): Input {
  const notRead: string[] = [];
  const named = Object.entries(stacks).map(([name, json]) => [name, stackOf([[name, json]], notRead)]);
  return { stacks: Object.fromEntries(named), files: {}, notRead };
}

/** The files of each stack in a place. */
function filesIn(place: string, notRead: string[]): Readonly<Record<string, readonly string[]>> {
  if (!existsSync(place)) {
    throw new Error(`${place} does not exist. Write it with npm run synth, or name another folder.`);
  }
  if (!statSync(place).isDirectory()) {
    return { [path.basename(place).replace(/\.tf\.json$/, "")]: [place] };
  }
  const synthesized = path.join(place, "stacks");
  if (existsSync(synthesized)) {
    return Object.fromEntries(
      readdirSync(synthesized)
        .sort()
        .map((name) => [name, path.join(synthesized, name, "cdk.tf.json")] as const)
        .filter(([, file]) => existsSync(file))
        .map(([name, file]) => [name, [file]]),
    );
  }
  const files = readdirSync(place)
    .sort()
    .map((name) => path.join(place, name));
  notRead.push(...files.filter((name) => name.endsWith(".tf")).map((name) => `${name} is not JSON`));
  const readable = files.filter((name) => name.endsWith(".tf.json"));
  if (readable.length === 0) {
    throw new Error(`${place} has no Terraform JSON: neither stacks/*/cdk.tf.json nor *.tf.json.`);
  }
  return { [path.basename(path.resolve(place))]: readable };
}

function readStack(files: readonly string[], notRead: string[]): Json {
  const read = files.flatMap((file): readonly (readonly [string, Json])[] => {
    try {
      return [[file, JSON.parse(readFileSync(file, "utf8"))]];
    } catch (error) {
      notRead.push(`${file} is not JSON: ${error instanceof Error ? error.message : error}`);
      return [];
    }
  });
  return stackOf(read, notRead);
}

/** The sections of a stack that expressions lead to. */
const OTHERS = ["locals", "output", "terraform", "variable"];
const READ = ["//", "resource", "data", "provider", "module", ...OTHERS];

/** How deep JSON may be nested. The deepest block of the AWS provider, a statement of a web ACL, lies at about 25. */
const DEEPEST = 200;

/** Whether JSON is nested too deep to walk through it by functions that call themselves. */
function isDeep(json: Json): boolean {
  let level: readonly Json[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) {
      return true;
    }
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return false;
}

/** The names of the dynamic blocks in a body, at any depth. */
function repeatedIn(body: Json): readonly string[] {
  if (Array.isArray(body)) {
    return body.flatMap(repeatedIn);
  }
  return entriesOf(body).flatMap(([name, value]) => [
    ...(name === "dynamic" ? blocks(value).map(([block]) => block) : []),
    ...(typeof value === "object" ? repeatedIn(value) : []),
  ]);
}

/** One stack of several files, as Terraform reads a folder. */
function stackOf(files: readonly (readonly [string, Json])[], notRead: string[]): Json {
  const stack: Json = { resource: {}, data: {}, provider: {} };
  for (const [file, json] of files) {
    if (!isRecord(json)) {
      notRead.push(`${file} is not an object of Terraform JSON`);
      continue;
    }
    if (isDeep(json)) {
      notRead.push(`${file} is nested more than ${DEEPEST} levels deep`);
      continue;
    }
    for (const section of ["resource", "data"]) {
      for (const [type, byName] of blocks(json[section])) {
        for (const [name, body] of blocks(byName)) {
          const [only] = listOf(body);
          const where = `${file}: ${section === "data" ? "data." : ""}${type}.${name}`;
          if (!isRecord(only)) {
            notRead.push(`${where} has no arguments that can be read`);
          } else {
            stack[section][type] = { ...stack[section][type], [name]: only };
            notRead.push(
              ...repeatedIn(only).map((block) => `${where}: what dynamic "${block}" makes of its blocks`),
            );
          }
        }
      }
    }
    for (const [name, body] of blocks(json.provider)) {
      stack.provider[name] = [...listOf(stack.provider[name]), ...listOf(body).filter(isRecord)];
    }
    for (const [name] of blocks(json.module)) {
      notRead.push(`${file}: module.${name} lies elsewhere`);
    }
    notRead.push(
      ...Object.keys(json)
        .filter((section) => !READ.includes(section))
        .map((section) => `${file}: the section ${section}`),
    );
    for (const section of OTHERS) {
      stack[section] = { ...stack[section], ...Object.fromEntries(blocks(json[section])) };
    }
  }
  return stack;
}

/** Blocks by name, whether they are written as one object or as a list. */
function blocks(value: Json): readonly (readonly [string, Json])[] {
  return listOf(value)
    .flatMap(entriesOf)
    .filter(([name]) => name !== "//");
}
