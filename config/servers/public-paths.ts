/**
 * The paths of a server that callers may request, by method. `{…}` in a path stands for one segment.
 *
 * Listener rules are scarce, so a rule takes the paths of both methods and lets both methods through. A test holds that
 * no path of {@link PublicPaths.notForCallers} is opened by that.
 */
export interface PublicPaths {
  /** Metadata that does no harm. */
  readonly GET: readonly string[];
  /** The inference API, and what else a client needs for it. */
  readonly POST: readonly string[];
  /** Methods of gRPC services, `/package.Service/Method`. Default: nothing is documented. */
  readonly grpc?: readonly string[];
  /**
   * Paths that the server has without any option, and that callers must not have: they change the server for all, show
   * others' requests, or reveal how it is run. `POST /path`, or `GRPC /package.Service/Method`. `*` stands for any
   * characters, `{…}` for one segment. Not complete: what is not public is not open anyhow.
   */
  readonly notForCallers: readonly string[];
  /** More of {@link notForCallers}, which it has when a variable is `1` or `true`, by the variable. Default: none. */
  readonly notForCallersWith?: Readonly<Record<string, readonly string[]>>;
  /**
   * Paths, of any method, that do work or show how the server is run, and that its API key does not guard. Default: none.
   * With a key they are public only when `publicPaths` names them.
   */
  readonly withoutKey?: readonly string[];
  /**
   * Harmless metadata that it shows to anybody, with a key or without. Default: none. Where the key is all that stands
   * before the server, they are not public.
   */
  readonly openWithKey?: readonly string[];
  /** Paths beside the public ones that its API key guards, but for those in {@link withoutKey}. Default: none is known. */
  readonly guarded?: readonly string[];
  readonly source: string;
}

/**
 * The paths of a `custom` server: OpenAI's API, as far as servers have it.
 */
export const OPENAI_PATHS: PublicPaths = {
  GET: ["/v1/models", "/v1/models/{model}", "/v1/responses/{id}"],
  POST: [
    "/v1/audio/speech",
    "/v1/audio/transcriptions",
    "/v1/audio/translations",
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/images/edits",
    "/v1/images/generations",
    "/v1/messages",
    "/v1/rerank",
    "/v1/responses",
  ],
  notForCallers: [],
  source: "OpenAI API reference; Anthropic API reference, Messages; rerank as vLLM and Jina have it",
};
