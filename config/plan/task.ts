import type { Architecture } from "../gpu/model-config/read";
import type { ImageServer, Task } from "../servers/preset";
import { presetOf, type ServerName } from "../servers/presets";
import { argumentAnywhere, wordsWithin } from "./command-line";
import type { InstanceSettings } from "./overrides";
import { servedModel } from "./served-model";
import { describedArchitecture } from "./serving-memory";

/** What a variant's model does, and what tells it. */
export interface KnownTask {
  /** `unknown`: not what the server usually does, and one of several; or that of an image whose name does not tell. */
  readonly task: Task | "unknown";
  /** The argument that tells it, and its index. Beyond the arguments it is in the command. Undefined when the name of the model does, or nothing. */
  readonly toldBy?: { readonly flag: string; readonly index: number };
}

/** Names of families of models on the hub that do something else than most. */
const TASKS_BY_NAME: readonly (readonly [RegExp, Task])[] = [
  [/rerank|cross-encoder|ms-marco/i, "rerank"],
  [/embed|\b(bge|e5|gte)-|sentence-transformers|-MiniLM-/i, "embed"],
  [/-reward\b|-classifier\b|emotion|sentiment/i, "classify"],
  [/whisper|parakeet|\bcanary-\d|[-_]asr\b|-transcribe\b/i, "transcribe"],
];

/** Classes of models that write no text. Source: vLLM docs, Supported Models: Pooling Models, Transcription. */
const TASKS_BY_CLASS: readonly (readonly [RegExp, Task])[] = [
  [/^Whisper/, "transcribe"],
  [/For(MaskedLM|TextEncoding)$/, "embed"],
  [
    /^(Bert|CLIP|DistilBert|Electra|Gemma2|Gemma3Text|Gte|GteNew|Llama|MPNet|Mistral|ModernBert|New|NomicBert|Qwen[23]|Roberta|Siglip|T5Encoder|XLMRoberta)Model$/,
    "embed",
  ],
];

/** A task that the class of a model in config.json tells. */
interface TaskOfClass {
  readonly task: Task;
  readonly className: string;
}

/** What the model of a config.json does, where its class does one thing alone. */
export function taskOfClass(architecture: Architecture | undefined): TaskOfClass | undefined {
  const { className = "", labels } = architecture ?? {};
  const task = /ForSequenceClassification$/.test(className)
    ? labels === 1
      ? "rerank"
      : "classify"
    : TASKS_BY_CLASS.find(([pattern]) => pattern.test(className))?.[1];
  return task === undefined ? undefined : { task, className };
}

/** What a model does by its name on the hub, of those tasks that a server has; undefined: the name does not tell. */
export function taskByName(name: string, tasks: object): Task | undefined {
  return TASKS_BY_NAME.find(([pattern, task]) => pattern.test(name) && task in tasks)?.[1];
}

/** Names of models on the hub that make images or videos. Source: SGLang docs, Diffusion: Compatibility Matrix. */
const IMAGES =
  /qwen-image|\bflux[.\d-]|stable-diffusion|z-image|glm-image|hunyuan-?(image|video)|\bwan-?\d|\bwan-ai\/|ltx-(video|2)|cogvideo|mochi-1|[-_](t2v|i2v|t2i)\b/i;

/** Whether a model is one for images or videos, which another server of the same name serves; undefined where none is known. */
export function imageServer(
  server: ServerName,
  settings: InstanceSettings,
  task: Task | undefined,
): ImageServer | undefined {
  const { images } = presetOf(server)?.tasks ?? {};
  const isTold = images?.told.some(({ argument, values = /^/ }) => {
    const written = argumentAnywhere(server, argument, settings);
    return written !== undefined && values.test(written.value);
  });
  const isNamed = task === undefined && IMAGES.test(nameOf(server, settings));
  return isTold || isNamed || task === "image" ? images : undefined;
}

/** The names of a model, as far as they are known. */
function nameOf(server: ServerName, settings: InstanceSettings): string {
  const within = wordsWithin(settings).filter((word) => word.includes("/"));
  return (
    settings.model ??
    servedModel(server, settings)?.source ??
    (presetOf(server)?.tasks?.namedByImage ? settings.image : within.join(" "))
  );
}

/** The task of a server by its arguments, by the class of its model in `memory.config`, or by the name of its model, or as most of its kind; undefined for a server whose tasks are not known. */
export function taskOf(server: ServerName, settings: InstanceSettings): KnownTask | undefined {
  const tasks = presetOf(server)?.tasks;
  if (tasks === undefined) {
    return undefined;
  }
  for (const { argument, values = /^/, task } of tasks.told ?? []) {
    const written = argumentAnywhere(server, argument, settings);
    if (written !== undefined && values.test(written.value)) {
      return { task, toldBy: written };
    }
  }
  const byClass = taskOfClass(describedArchitecture(settings))?.task;
  if (byClass !== undefined && byClass in tasks.probes) {
    return { task: byClass };
  }
  const name = nameOf(server, settings);
  const isUnusual = name === settings.image && tasks.namedByImage?.usual.test(name) === false;
  return { task: taskByName(name, tasks.probes) ?? (isUnusual ? "unknown" : tasks.usual) };
}
