import type { ServerName } from "../../config/servers/presets";
import { presetOf } from "../../config/servers/presets";
import type { SourceFile } from "./source";

/** Who is to read the files. */
export interface Reader {
  readonly server: ServerName;
  readonly image: string;
  /** Arguments of the server. */
  readonly arguments: readonly string[];
  /** Quantization of which a GGUF file is wanted: `Q4_K_M`. Default: the only one. */
  readonly quantization?: string;
}

/** Of no use to any server. */
const ABOUT = /(^|\/)\.git|\.(md|png|jpe?g|gif|svg|webp|pdf|mp4|ipynb)$/i;

/** Folders with the same weights in a form that other programs read. */
const OTHER_PROGRAMS = /(^|\/)(onnx|openvino|coreml|original)\//i;

const SAFETENSORS = /\.safetensors$/i;

/** Pickled tensors of PyTorch: what servers read where there are no safetensors. They may hold code. */
const PICKLED = /\.(bin|pt|pth|ckpt)$/i;

/** Weights that servers of language models do not read. */
const OTHER_WEIGHTS = /\.(gguf|h5|msgpack|onnx|onnx_data|ot|tflite|mlmodel|mlpackage)$/i;

const GGUF = /\.gguf$/i;

/** What a model sees pictures by, in llama.cpp: a file of its own, that is told by --mmproj. */
export const PROJECTOR = /(^|\/)mmproj[^/]*\.gguf$/i;

/** Copies of the weights as they were in training. */
const CHECKPOINT = /(^|\/)checkpoint-\d+\//i;

/** A file of several that make up one: `-00001-of-00003.gguf`. */
const SHARD = /-\d{5}-of-\d{5}(?=\.gguf$)/i;

/** A second copy of the weights, in the form of Mistral's own tools. */
const CONSOLIDATED = /(^|\/)consolidated[^/]*\.safetensors$/i;

/** ONNX files that text-embeddings-inference reads on CPUs. Source: its README; backends/ort. */
const CPU_ONNX = /^(onnx\/)?model\.onnx(_data)?$/;

/**
 * The files that a server needs, of all that a model has. Without patterns: of several forms of the same weights the one
 * that the server reads, safetensors before others.
 *
 * @param include patterns of paths, of which one has to fit: `*` stands for any run of characters, `?` for one
 * @throws Error when there are none, or it is not known which
 */
export function neededFiles(
  files: readonly SourceFile[],
  reader: Reader,
  include: readonly string[] = [],
): readonly SourceFile[] {
  const needed = include.length > 0 ? matching(files, include) : byForm(files, reader);
  if (needed.length === 0) {
    throw new Error(
      `there is no file that ${include.length > 0 ? `fits ${include.join(", ")}` : `${reader.server} reads`}; there are ${some(files)}`,
    );
  }
  return needed;
}

function matching(files: readonly SourceFile[], include: readonly string[]): readonly SourceFile[] {
  const patterns = include.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, "\\$&")
          .replaceAll("*", ".*")
          .replaceAll("?", ".")}$`,
        "s",
      ),
  );
  return files.filter(({ path }) => patterns.some((pattern) => pattern.test(path)));
}

function byForm(all: readonly SourceFile[], reader: Reader): readonly SourceFile[] {
  const { server, image } = reader;
  const files = all.filter(({ path }) => !ABOUT.test(path) && !CHECKPOINT.test(path));
  const { hub = false, file: isFile = false } = presetOf(server)?.model ?? {};
  if (isFile) {
    return ggufFiles(files, reader);
  }
  if (reader.quantization !== undefined) {
    throw new Error(
      `${server} takes a GGUF file of a folder by its path alone: choose it, such as by --include '*${reader.quantization}.gguf', and write model: with its path below /models`,
    );
  }
  if (hub === false) {
    // What it serves has a form of its own.
    return files;
  }
  const isMistral = reader.arguments.some((argument) => /(^|=)mistral$/.test(argument));
  const hasHubForm = files.some(({ path }) => SAFETENSORS.test(path) && !CONSOLIDATED.test(path));
  const needed = files.filter(({ path }) => {
    if (server === "tei" && /:cpu-/.test(image) && CPU_ONNX.test(path)) {
      return true;
    }
    if (OTHER_PROGRAMS.test(path) || OTHER_WEIGHTS.test(path)) {
      return false;
    }
    if (PICKLED.test(path)) {
      return !files.some((other) => folderOf(other.path) === folderOf(path) && SAFETENSORS.test(other.path));
    }
    return !CONSOLIDATED.test(path) || isMistral || !hasHubForm;
  });
  const isWeights = ({ path }: SourceFile) =>
    [SAFETENSORS, PICKLED, CPU_ONNX].some((form) => form.test(path));
  if (needed.length > 0 && !needed.some(isWeights)) {
    throw new Error(
      `there are no weights that ${server} reads, in safetensors or of PyTorch; choose with --include, or another model; there are ${some(files)}`,
    );
  }
  return needed;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** One model of a repository, which often has a dozen of other precision. */
function ggufFiles(files: readonly SourceFile[], { quantization }: Reader): readonly SourceFile[] {
  // Q2_K is not Q2_K_L, and F16 not BF16.
  const named = new RegExp(`(^|[^a-z0-9])${quantization?.replaceAll(".", "\\.")}(?![a-z0-9_])`, "i");
  const wanted = files.filter(
    ({ path }) =>
      GGUF.test(path) && !PROJECTOR.test(path) && (quantization === undefined || named.test(path)),
  );
  const models = [...new Set(wanted.map(({ path }) => path.replace(SHARD, "")))];
  if (models.length > 1) {
    throw new Error(
      `there are ${models.length} models, such as ${models.slice(0, 3).join(", ")}; choose one, such as by --include '${wanted[0]?.path.replace(SHARD, "-*")}'`,
    );
  }
  return wanted;
}

function some(files: readonly SourceFile[]): string {
  const paths = files.map(({ path }) => path);
  return paths.length === 0
    ? "none"
    : `${paths.slice(0, 5).join(", ")}${paths.length > 5 ? ` and ${paths.length - 5} more` : ""}`;
}
