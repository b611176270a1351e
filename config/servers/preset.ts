import type { ServerVersion } from "./version";

/** What the load balancer sends to a server, by AWS's protocol version: HTTP/1.1, HTTP/2 or gRPC. */
export type Protocol = "http1" | "http2" | "grpc";

/** How long a server keeps an idle connection open, and whether that can be set. */
export type KeepAlive =
  /** A variable sets it, in seconds. */
  | { readonly by: "env"; readonly name: string }
  /** The server never closes an idle connection by itself. */
  | { readonly by: "none" }
  /** The server closes idle connections after this many seconds, and no option changes that. */
  | { readonly by: "fixed"; readonly seconds: number }
  /** Not documented: the team has to make sure of it. */
  | { readonly by: "unknown" };

/** How a server finishes running requests after SIGTERM. */
export type Drain =
  /** An argument sets how long it may take, in seconds. */
  | {
      readonly by: "argument";
      readonly name: string;
      /** The first version that knows the argument; earlier ones do not start with it. Default: any version. */
      readonly since?: ServerVersion;
    }
  /** It finishes all of them, however long that takes. */
  | { readonly by: "itself" }
  /** It drops them, or that is not documented: only the target group's drain protects them. */
  | { readonly by: "none" };

/** How a server serves TLS itself. */
export type Tls =
  | {
      readonly by: "argument" | "env";
      /** The arguments or variables, with their values. */
      readonly options: Readonly<Record<string, string>>;
      /** Whether it supports TLS for gRPC alone. Default: for all that it serves. */
      readonly grpcOnly?: true;
      /** The first version known to have the options. Default: any version. */
      readonly since?: ServerVersion;
      readonly source: string;
    }
  /** It cannot, or no argument or variable enables it. */
  | { readonly by: "none"; readonly why: string; readonly source: string };

/** Whether a server supports a protocol: never, or with this argument alone. */
export type Support = "never" | { readonly enabledBy: string };

/** What a server supports beside HTTP/1.1. A protocol left out is supported, or nothing is documented. */
export interface ProtocolSupport {
  readonly http2?: Support;
  readonly grpc?: Support;
  readonly source: string;
}

/** A real request that a server answers once its model works: it shows more than a health check does. */
export interface ServerProbe {
  readonly path: string;
  /**
   * JSON that is posted to the path. Default: the request is a GET. `{model}` in it stands for the model that the
   * server lists first under `/v1/models`, so that it is right whatever name the server has for its model.
   */
  readonly body?: string;
  /** Text that the answer has to contain. Its status has to be from 200 to 299. Default: any answer. */
  readonly expect?: string;
  /** Where the request and its answer are documented. */
  readonly source: string;
}

/** Where a server exposes Prometheus metrics, and which of them are used. */
export interface PresetMetrics {
  /** Default: not known, as the server takes any free port. */
  readonly port?: number;
  readonly path: string;
  /** Gauges of the server's load that go to CloudWatch. */
  readonly gauges: readonly string[];
  /** The one of them that counts requests waiting in the server's queue. */
  readonly waiting: string;
}

/** Options that pass on what `serving.yaml` states. The server has no such argument where one is left out. */
export interface ArgumentNames {
  readonly port?: string;
  /** Instead of `port`, when the load balancer sends gRPC. */
  readonly grpcPort?: string;
  /** The folder of the weights. */
  readonly weights?: string;
  /** The name of the model in clients' requests. */
  readonly servedName?: string;
  readonly tensorParallel?: string;
  readonly pipelineParallel?: string;
  readonly contextLength?: string;
  readonly utilization?: string;
}

/** An argument by whose value a server uses as many times the GPUs. */
export interface GpuMultiplier {
  readonly name: string;
  /** The argument that sets how many of them are on this instance, where they may be on several. */
  readonly onInstance?: string;
  /** The argument with which it divides the GPUs of tensor parallelism, and uses no more of them. */
  readonly unless?: string;
}

/** What is known of a model server: how it starts, where it listens, what it exposes and how it stops. */
export interface ServerPreset {
  /** TCP port on which it serves by default. */
  readonly port: number;
  /** TCP port on which it serves gRPC by default, where that is another. */
  readonly grpcPort?: number;
  /** Default: nothing is documented. */
  readonly protocols?: ProtocolSupport;
  /** Path that answers 200 once the model can serve. */
  readonly healthPath: string;
  /** Default: none, as requests depend on the model. */
  readonly probe?: ServerProbe;
  /** Variable with the API key that requests have to carry. Default: the server has none. */
  readonly apiKey?: string;
  /** Default: the server has none. */
  readonly metrics?: PresetMetrics;
  readonly keepAlive: KeepAlive;
  readonly drain: Drain;
  readonly tls: Tls;
  /** Command in the container, before any argument; empty where the image has it as its entrypoint. */
  readonly command: readonly string[];
  /** Arguments that the facts here depend on. */
  readonly arguments: readonly string[];
  /** Variables that the facts here depend on. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether versions differ in their default port, so that it is always passed. */
  readonly defaultPortVaries?: true;
  /** The variable that sets the port, where no argument does; `{port}` in the value stands for the number. */
  readonly portVariable?: { readonly name: string; readonly value: string };
  readonly argumentNames: ArgumentNames;
  /** Other names of arguments, by the name used here. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Whether it accepts `_` for `-` in the names of arguments that begin with `--`. */
  readonly acceptsUnderscores?: true;
  /** Arguments that multiply the GPUs by copies of the model, beside those of tensor and pipeline parallelism. */
  readonly gpuMultipliers?: readonly GpuMultiplier[];
  /** Present where all weights have to fit into the GPUs; `unless` is the argument that puts some into main memory. */
  readonly weightsInGpus?: { readonly unless?: string };
  /** Where these facts are documented. */
  readonly source: string;
}
