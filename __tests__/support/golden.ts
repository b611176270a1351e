import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Testing } from "cdktf";
import { loadDeployment } from "../../config/load";
import { EmbeddingsStack } from "../../examples/constructs";
import { filesOf } from "../boot/facts";
import { type Json, synthesizedInOrder } from "./synthesis";

/** The folder of the golden files. */
export const GOLDEN_FOLDER = "__tests__/golden";

/** The beginning of the user data of every launch template, which is the same for all. */
const PACKED = "boot/packed.gz";

/** Texts by the paths of their files. */
type Files = Readonly<Record<string, string>>;

/** Terraform JSON by the names of the stacks. */
type Stacks = Readonly<Record<string, Json>>;

/** The stacks of every example. */
export function exampleStacks() {
  return {
    serving: stacksOf("serving.yaml"),
    minimal: stacksOf("examples/minimal.yaml"),
    constructs: {
      embeddings: JSON.parse(Testing.synth(new EmbeddingsStack(Testing.app(), "embeddings"))),
    },
    "twelve-models": stacksOf("examples/twelve-models.yaml"),
  } satisfies Readonly<Record<string, Stacks>>;
}

/** The examples in Terraform: the golden files, by their paths in {@link GOLDEN_FOLDER}. */
export function goldenFiles({ "twelve-models": twelve, ...whole } = exampleStacks()): Files {
  const files = Object.entries(whole).map(([folder, stacks]) => filesOfStacks(folder, stacks));
  return Object.assign({}, ...files, { "twelve-models.txt": addressList(twelve) });
}

/**
 * Each stack as a file of JSON. Instead of user data the JSON names its parts, each with a hash of its bytes. A folder
 * for each launch template has the files that differ between launch templates.
 *
 * @param folder prefix of the paths of all files
 * @throws Error when user data does not begin with `boot/packed.gz`
 */
export function filesOfStacks(folder: string, stacks: Stacks): Files {
  const packed = readFileSync(PACKED);
  const common = filesOf(packed);
  const files: Record<string, string> = {};
  for (const [stack, json] of Object.entries(stacks)) {
    const readable = new Map<unknown, readonly string[]>();
    for (const [id, { user_data }] of Object.entries<Json>(json.resource?.aws_launch_template ?? {})) {
      const bytes = Buffer.from(user_data, "base64");
      if (!bytes.subarray(0, packed.length).equals(packed)) {
        throw new Error(`the user data of ${stack} aws_launch_template.${id} does not begin with ${PACKED}`);
      }
      const rest = bytes.subarray(packed.length);
      readable.set(user_data, [`${PACKED} ${hashOf(packed)}`, `${stack}/${id} ${hashOf(rest)}`]);
      for (const [path, text] of filesOf(bytes)) {
        if (text !== common.get(path)) {
          files[`${folder}/${stack}/${id}/${basename(path)}`] = text;
        }
      }
    }
    const text = JSON.stringify(json, (_key, value) => readable.get(value) ?? value, 2);
    files[`${folder}/${stack}.tf.json`] = `${text}\n`;
  }
  return files;
}

/** A line for each part of each stack, in order: the stack, the address, and a hash of the part. */
export function addressList(stacks: Stacks): string {
  return Object.entries(stacks)
    .flatMap(([stack, json]) =>
      partsOf(json).map(([address, part]) => `${stack}  ${address}  ${hashOf(JSON.stringify(part))}\n`),
    )
    .sort()
    .join("");
}

/** All parts of a stack, by address: `aws_lb.entry_alb`, `data.aws_vpc.network`, `output.endpoint`. */
function partsOf({ resource = {}, data = {}, ...sections }: Json): readonly (readonly [string, Json])[] {
  const groups = {
    ...resource,
    ...Object.fromEntries(Object.entries(data).map(([type, byId]) => [`data.${type}`, byId])),
    ...sections,
  };
  return Object.entries<Json>(groups).flatMap(([group, members]) =>
    Object.entries<Json>(members).map(([member, part]) => [`${group}.${member}`, part] as const),
  );
}

function hashOf(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

function stacksOf(file: string): Stacks {
  const loaded = loadDeployment(file);
  if (!loaded.ok) {
    throw new Error(`${file} is not valid`);
  }
  return synthesizedInOrder(loaded.deployment);
}
