import { randomBytes } from "node:crypto";
import { sha256 } from "../../support/hub";
import { VALID_YAML } from "../../support/serving-file";

const MIB = 2 ** 20;
/** Bytes of a part: the least that S3 takes. */
export const PART = 5 * MIB;
/** Commits. */
export const [OLD, NEW] = ["1".repeat(40), "2".repeat(40)] as const;
export const ID = "acme/chat-8b";
/** The files of a commit of a model on the hub. */
export const FILES = {
  "README.md": Buffer.from("# Chat"),
  "config.json": Buffer.from('{"architectures":["LlamaForCausalLM"]}'),
  "empty.txt": Buffer.from(""),
  "model-00001-of-00002.safetensors": randomBytes(2 * PART + 12345),
  "model-00002-of-00002.safetensors": randomBytes(3000),
  "pytorch_model.bin": randomBytes(4000),
  "tokenizer/an umlaut ä & more.json": Buffer.from("{}"),
};
/** Those of them that vLLM needs. */
export const NEEDED = [
  "config.json",
  "empty.txt",
  "model-00001-of-00002.safetensors",
  "model-00002-of-00002.safetensors",
  "tokenizer/an umlaut ä & more.json",
] as const;
/** The one that is copied in parts. */
export const BIG = NEEDED[2];
/** What sha256sum says of them. */
export const SUMS = NEEDED.map((path) => `${sha256(FILES[path])}  ${path}\n`).join("");

/** A file that names the model on the hub. */
export const YAML = VALID_YAML.replace(
  "    weights: { uri: s3://example-weights/llama/, size: 15GiB }\n",
  `    model: ${ID} # the one that we tested\n    revision: main\n`,
);
