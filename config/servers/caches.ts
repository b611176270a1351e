/** Folder of the container for caches, on the instance, unless a preset has another place for it. */
export const CACHE_DIRECTORY = "/cache";

/**
 * What a server downloads or compiles for itself, and how it is moved to a folder that lasts.
 *
 * The caches live and die with an instance. A new image comes with new instances, so it meets no cache of another one. Nor
 * would a tag that has been pushed anew: vLLM keys compiled code by its version, its configuration and the code itself
 * (vLLM docs, torch.compile integration: Compilation Cache), Inductor and Triton by a hash of their own sources, and
 * FlashInfer by its version and the GPU's architecture.
 */
export interface Caches {
  /** Where the container sees the folder. Default: {@link CACHE_DIRECTORY}. */
  readonly directory?: string;
  /** Variables that lead into it. One that is written in `serving.yaml` wins. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables with which it takes a model of the hub from its cache, without the hub. Default: there are none. */
  readonly offline?: Readonly<Record<string, string>>;
  readonly source: string;
}

/** Has Hugging Face's libraries for Python take what is in their cache. Source: huggingface_hub docs, Environment variables. */
export const HUGGING_FACE_OFFLINE = { HF_HUB_OFFLINE: "1", TRANSFORMERS_OFFLINE: "1" } as const;

/** What Hugging Face's libraries download: the hub's repositories, and chunks of them (Xet). */
export const HUGGING_FACE_CACHE = { HF_HOME: `${CACHE_DIRECTORY}/huggingface` } as const;

/** What kernels are compiled to, by the libraries that several servers use. */
export const COMPILER_CACHES = {
  TRITON_CACHE_DIR: `${CACHE_DIRECTORY}/triton`,
  TORCHINDUCTOR_CACHE_DIR: `${CACHE_DIRECTORY}/inductor`,
  FLASHINFER_WORKSPACE_BASE: CACHE_DIRECTORY,
} as const;
