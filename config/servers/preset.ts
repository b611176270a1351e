import type { Caches } from "./caches";
import type { PublicPaths } from "./public-paths";
import type { Version } from "./version";

/** What the load balancer sends to a server, by AWS's protocol version: HTTP/1.1, HTTP/2 or gRPC. */
export type Protocol = "http1" | "http2" | "grpc";

/** How long a server keeps an idle connection open, and whether that can be set. */
export type KeepAlive =
  /** A variable sets it, in seconds. */
  | {
      readonly by: "env";
      readonly name: string;
      /** The first version that reads the variable. Earlier ones have 5 s. Default: any version. */
      readonly since?: Version;
    }
  /** The server never closes an idle connection by itself. */
  | { readonly by: "none" }
  /** The server closes idle connections after this many seconds, and no option changes that. */
  | { readonly by: "fixed"; readonly seconds: number }
  /** Not documented: the team has to set it. */
  | { readonly by: "unknown" };

/** How a server finishes running requests after SIGTERM. */
export type Drain =
  /** An argument sets how long it may take, in seconds. */
  | {
      readonly by: "argument";
      readonly name: string;
      /** The first version with the argument. Earlier ones do not start with it. Default: any version. */
      readonly since?: Version;
      /** The first version in which it can be relied on. Default: every version that has it. */
      readonly reliableSince?: Version;
    }
  /** It finishes all of them, without a time limit. */
  | { readonly by: "itself" }
  /** It drops them, or nothing is documented. Only the target group's drain protects them. */
  | { readonly by: "none" };

/** How TLS is enabled in a server. */
export type Tls =
  | {
      readonly by: "argument" | "env";
      /** The arguments or variables, with their values. */
      readonly options: Readonly<Record<string, string>>;
      /** Whether it supports TLS for gRPC only. Default: for all its protocols. */
      readonly grpcOnly?: true;
      /** The first version that is documented to have the options. Default: any version. */
      readonly since?: Version;
      readonly source: string;
    }
  /** It cannot, or no argument or variable enables it. */
  | { readonly by: "none"; readonly why: string; readonly source: string };

/** Whether a server supports a protocol: never, or only with this argument. */
export type Support = "never" | { readonly enabledBy: string };

/** Which protocols a server supports in addition to HTTP/1.1. A protocol left out is supported, or nothing is documented. */
export interface ProtocolSupport {
  readonly http2?: Support;
  readonly grpc?: Support;
  readonly source: string;
}

/** A real request, which a server answers only when its model works. It detects more failures than a health check. */
export interface ServerProbe {
  readonly path: string;
  /**
   * JSON that is posted to the path. Default: the request is a GET. `{model}` in it is replaced by the first model that
   * the server lists under `/v1/models`, because the server may have another name for its model.
   */
  readonly body?: string;
  /** Text that the answer has to contain. Its status has to be from 200 to 299. Default: any answer. */
  readonly expect?: string;
  /** Where the request and its answer are documented. */
  readonly source: string;
}

/** What a model does. */
export const TASKS = ["generate", "embed", "rerank", "classify", "transcribe", "image"] as const;

/** What a model does: generate text, embed, rank or classify texts, write down speech, or make images. */
export type Task = (typeof TASKS)[number];

/** Another server of the same name, which makes images and videos: it has other options and paths, so it is a `custom` one here. */
export interface ImageServer {
  /** Arguments that it alone has, with values that mean it. Default: any value. */
  readonly told: readonly { readonly argument: string; readonly values?: RegExp }[];
  /** Its fields in `serving.yaml`. `{model}` stands for the model. */
  readonly fields: string;
  readonly source: string;
}

/** How a server's task is known, and how its model is asked. */
export interface TaskFacts {
  /** The task of a server that no argument and no name tells. */
  readonly usual: Task;
  /** Names of images that have the name of their model, where it does the usual task. Default: images have no model. */
  readonly namedByImage?: { readonly usual: RegExp };
  /** A request for each task that the server has. `health`: no small request exists, so the health check has to do. */
  readonly probes: Readonly<Partial<Record<Task, ServerProbe | "health">>>;
  /** The server for images and videos. Default: none is known. */
  readonly images?: ImageServer;
  /** Arguments that tell the task by their values. `unknown`: they exclude `usual`, and leave several. */
  readonly told?: readonly {
    readonly argument: string;
    /** Values that tell it. Default: any. */
    readonly values?: RegExp;
    readonly task: Task | "unknown";
  }[];
  /** Arguments without which the server does not have the task. */
  readonly needs?: Readonly<Partial<Record<Task, string>>>;
}

/** How a server gets the API key that it asks of its callers. */
export type ApiKey =
  /** From a variable. */
  | {
      readonly by: "env";
      readonly name: string;
      /** The first version that reads it. Default: any version. */
      readonly since?: Version;
    }
  /** From an argument. The command adds it within the process, where no list of processes shows it. */
  | { readonly by: "argument"; readonly name: string; readonly command: readonly string[] }
  /** It takes none. */
  | { readonly by: "none"; readonly instead: string };

/** A model that is a server's first argument, without a name. */
export interface Positional {
  /** The words that start what takes it, in any version. Default: whatever starts the server. */
  readonly command?: readonly string[];
  /** Names of images whose entry point these words are. Default: of none it is known. */
  readonly images?: RegExp;
  /** The first version of these images of which they are the entry point. */
  readonly since?: Version;
}

/** How a server is told which model to serve, and under which name. */
export interface ModelOption {
  /** Argument with a path in the container, and with a hub id where {@link hub} is true. */
  readonly argument?: string;
  /** How it takes the value as its first argument, without a name. Default: not at all. */
  readonly positional?: Positional;
  /** Variable with the same value. */
  readonly variable?: { readonly name: string; readonly hubPrefix?: string; readonly since?: Version };
  /** Whether the server fetches models from the Hugging Face hub by itself, by this argument where it is another one. */
  readonly hub: boolean | { readonly argument: string };
  /** Argument with the revision of a hub id. */
  readonly revision?: string;
  /** Argument with the model's name under `/v1/models`. */
  readonly servedName?: { readonly argument: string; readonly since?: Version };
  /** Variable with that name. */
  readonly servedNameVariable?: string;
  /** More arguments and variables that name a model. */
  readonly namedBy?: readonly string[];
  /** Whether whatever arguments there are name it, in a form of their own. */
  readonly namedByAnyArgument?: true;
  /** Whether the path is that of a file, which has to be named: the folder of the weights is not enough. */
  readonly file?: true;
  /** Whether a path has models with names of their own, by one of which each request has to ask. Default: it takes any name, or is told one. */
  readonly hasOwnNames?: true;
  /** An argument, and values of it, with which it starts and loads none of the models that it is told of, unless one of these is there. */
  readonly loadsNoneWith?: {
    readonly argument: string;
    /** Default: any. */
    readonly values?: RegExp;
    /** Arguments that name what it loads, the usual one first. */
    readonly unless: readonly string[];
  };
  /** What a server does that is told none, to follow "without one". Default: its image has a model. */
  readonly withoutOne?: string;
  readonly source: string;
}

/** Where a server exposes Prometheus metrics, and which of them are used. */
export interface PresetMetrics {
  /** Default: none, because the server uses any free port. */
  readonly port?: number;
  readonly path: string;
  /** Gauges of the server's load. They are sent to CloudWatch. */
  readonly gauges: readonly string[];
  /** The gauge that counts the requests in the server's queue. */
  readonly waiting: string;
  /** These gauges by the names that they have in other versions. CloudWatch gets one name. Default: they have no others. */
  readonly otherNames?: Readonly<Record<string, string>>;
  /**
   * Regular expressions of the labels of the series that count, where the server publishes others that repeat these or
   * are parts of them. A missing label is the empty text. Default: all series count.
   */
  readonly countedSeries?: Readonly<Record<string, string>>;
}

/** Arguments for values in `serving.yaml`. The server has no such argument when one is left out. */
export interface ArgumentNames {
  readonly port?: string;
  /** Instead of `port`, when the load balancer sends gRPC. */
  readonly grpcPort?: string;
  readonly tensorParallel?: string;
  readonly pipelineParallel?: string;
  readonly contextLength?: string;
  readonly utilization?: string;
}

/** How a server takes a context longer than the one of config.json. */
export interface LongerContext {
  /** The variable that says that it is meant. */
  readonly variable: string;
  /** Arguments that change config.json itself, with what it says of the context. */
  readonly scaledBy: readonly string[];
  readonly source: string;
}

/** How a server is told of adapters (LoRA), which it then serves beside its model. */
export type Adapters =
  | {
      readonly by: "argument";
      readonly name: string;
      /** An argument that has to go with it. */
      readonly enabledBy?: string;
      /** How several are given: as values of one argument, as one value with commas, or each by an argument of its own. */
      readonly several: "values" | "commas" | "arguments";
      /** What each is: `name=/adapters/name`, or the path of a file in that folder. */
      readonly as: "named folder" | "file";
      readonly source: string;
    }
  /** A variable names the folder that has a folder for each. */
  | { readonly by: "env"; readonly name: string; readonly source: string };

/** An argument that multiplies the GPUs that a server uses. */
export interface GpuMultiplier {
  readonly name: string;
  /** The argument for the number of copies on this instance, when they may be on several. */
  readonly onInstance?: string;
  /** With this argument it divides the GPUs of tensor parallelism, and uses no more GPUs. */
  readonly unless?: string;
}

/** How a server works without GPUs. */
export interface WithoutGpus {
  /** Pattern of names of images that do not use GPUs, beside those with `cpu` in their name. Default: none. */
  readonly cpuImages?: RegExp;
  /** Pattern of names of images that are built for GPUs. */
  readonly gpuImages: RegExp;
  /** An image that works without. */
  readonly image: string;
  readonly source: string;
}

/** What a server needs of a GPU, by its compute capability. */
export interface GpuNeed {
  /** Precisions of weights, or methods of quantization, that need it. Default: its images do, which have no older kernels. */
  readonly weights?: RegExp;
  /** An argument that needs it with such a value. */
  readonly argument?: { readonly name: string; readonly values: RegExp };
  /** Names of images that are built for these GPUs alone, and do not start on others. */
  readonly image?: RegExp;
  /** The least compute capability, such as 8.9. */
  readonly least: number;
  /** The greatest one. Default: any. */
  readonly most?: number;
  /** The first version that needs it. Default: any version, known or not. */
  readonly since?: Version;
  /** The first version that no longer needs it. Default: none. */
  readonly before?: Version;
}

/** The documented facts of a model server: how it starts, where it listens, what it exposes, and how it stops. */
export interface ServerPreset {
  /** Patterns of names of images of which the version is known: each captures its numbers. */
  readonly images: readonly RegExp[];
  /** Text before the numbers of a version. Default: none. */
  readonly versionPrefix?: string;
  /** TCP port on which it serves by default. */
  readonly port: number;
  /** TCP port on which it serves gRPC by default, when it differs from {@link port}. */
  readonly grpcPort?: number;
  /** Default: nothing is documented. */
  readonly protocols?: ProtocolSupport;
  /** Path that answers 200 when the model can serve. */
  readonly healthPath: string;
  /** What gives its paths another beginning: an argument, a variable, and the value with which they have none. Default: nothing. */
  readonly pathPrefix?: { readonly argument: string; readonly variable?: string; readonly none: string };
  /** Default: unknown, because the requests depend on the model. */
  readonly tasks?: TaskFacts;
  readonly apiKey: ApiKey;
  readonly model: ModelOption;
  /** Default: the server has none. */
  readonly metrics?: PresetMetrics;
  /** The paths that callers may request. A route without a path of its own opens no others. */
  readonly publicPaths: PublicPaths;
  readonly keepAlive: KeepAlive;
  readonly drain: Drain;
  readonly tls: Tls;
  /** Command in the container, before any argument; empty when it is the image's entrypoint. */
  readonly command: readonly string[];
  /** The command where the names of images match: their entry point runs what it is given. Default: {@link command}. */
  readonly commandIn?: { readonly images: RegExp; readonly command: readonly string[] };
  /**
   * Words by which published command lines start the server, the longer before what begins alike. They are not arguments.
   * The first one without its folder, and Python as `python3`.
   */
  readonly commandLines: readonly (readonly string[])[];
  /** Words after its program that have it do something else than to serve, and then end. Default: nothing is documented. */
  readonly otherTasks?: readonly string[];
  /** Arguments that the facts here depend on, with their values; `true` when they take none. */
  readonly arguments: Readonly<Record<string, string | true>>;
  /** Variable with the seconds that its parts wait for one another, when one of these arguments is more than 1. Default: none. */
  readonly readyTimeout?: { readonly name: string; readonly withMoreThanOne: readonly string[] };
  /** Variables that the facts here depend on. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The first version whose images have CUDA 13, which needs a newer driver. Default: none. */
  readonly cuda13Since?: Version;
  /** Before this version its health check is a generation, whatever the environment says. Default: it never is. */
  readonly healthGeneratesBefore?: Version;
  /** Whether versions have different default ports. The port is then always passed. */
  readonly defaultPortVaries?: true;
  /** The variables that set the port, for servers without an argument for it. `{port}` in a value is replaced by the number. */
  readonly portVariables?: Readonly<Record<string, string>>;
  readonly argumentNames: ArgumentNames;
  /** Default: it is not known to refuse a longer one. */
  readonly longerContext?: LongerContext;
  /** Other names of arguments, by the name used here. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Whether it accepts `_` for `-` in the names of arguments that begin with `--`. */
  readonly acceptsUnderscores?: true;
  /** Arguments that multiply the GPUs by copies of the model, in addition to tensor and pipeline parallelism. */
  readonly gpuMultipliers?: readonly GpuMultiplier[];
  /** Present when all weights must fit into the GPUs. `unless` is the argument that puts some into main memory. */
  readonly weightsInGpus?: { readonly unless?: string };
  /** The generations of GPUs that it works on. Default: nothing is documented. */
  readonly gpus?: { readonly needs: readonly GpuNeed[]; readonly source: string };
  /** How it works without GPUs. Default: it does not. */
  readonly withoutGpus?: WithoutGpus;
  /** What it keeps for its next start. Default: nothing. */
  readonly caches?: Caches;
  /** Default: it takes none. */
  readonly adapters?: Adapters;
  /** Whether it writes into the folder of its weights, so that the folder is not read-only. */
  readonly writesWeights?: true;
  /** Where these facts are documented. */
  readonly source: string;
}
