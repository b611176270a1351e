/** A request to the API of OpenAI, as far as its answer depends on it. */
export interface Asked {
  readonly kind: "chat" | "completion";
  readonly model: string;
  readonly tokens: number;
  readonly stream: boolean;
  readonly withUsage: boolean;
  readonly promptTokens: number;
}

const WORDS = "a model would say something here that depends on what it was asked for".split(" ");

/** What a token of an answer reads. */
function tokenAt(index: number): string {
  return `${index === 0 ? "" : " "}${WORDS[index % WORDS.length]}`;
}

/** Tokens that an answer has where the request names no number. */
const USUAL_TOKENS = 64;

export function asked(kind: Asked["kind"], body: Readonly<Record<string, unknown>>, model: string): Asked {
  const wanted = Number(body.max_completion_tokens ?? body.max_tokens ?? USUAL_TOKENS);
  const options = body.stream_options as { readonly include_usage?: boolean } | undefined;
  return {
    kind,
    model,
    tokens: Number.isInteger(wanted) && wanted > 0 ? wanted : USUAL_TOKENS,
    stream: body.stream === true,
    withUsage: options?.include_usage === true,
    promptTokens: Math.ceil(JSON.stringify(body.messages ?? body.prompt ?? "").length / 4),
  };
}

/** The whole answer. Source: OpenAI API reference, Chat and Completions. */
export function wholeAnswer(id: string, created: number, request: Asked): object {
  const text = Array.from({ length: request.tokens }, (_, index) => tokenAt(index)).join("");
  const choice =
    request.kind === "chat"
      ? { index: 0, message: { role: "assistant", content: text }, finish_reason: "length", logprobs: null }
      : { index: 0, text, finish_reason: "length", logprobs: null };
  return { ...head(id, created, request, ""), choices: [choice], usage: usageOf(request) };
}

/** An event of a stream, with the text of some tokens. The first of a chat has the role, the last the reason. */
export function streamEvent(id: string, created: number, request: Asked, from: number, to: number): string {
  const text = Array.from({ length: to - from }, (_, index) => tokenAt(from + index)).join("");
  const finish_reason = to >= request.tokens ? "length" : null;
  const choice =
    request.kind === "chat"
      ? { index: 0, delta: { ...(from === 0 ? { role: "assistant" } : {}), content: text }, finish_reason }
      : { index: 0, text, finish_reason, logprobs: null };
  return eventOf({ ...head(id, created, request, ".chunk"), choices: [choice] });
}

/** What ends a stream. */
export function streamEnd(id: string, created: number, request: Asked): string {
  const usage = { ...head(id, created, request, ".chunk"), choices: [], usage: usageOf(request) };
  return `${request.withUsage ? eventOf(usage) : ""}data: [DONE]\n\n`;
}

/** What every input is embedded as. */
const EMBEDDING = [0.6, 0.8, 0];

/**
 * Embeddings of one input or several, all the same. As base64 they are 32-bit numbers, the lowest byte first: OpenAI's
 * clients ask for that unless told otherwise. Source: OpenAI API reference, Embeddings, encoding_format.
 */
export function embeddings(input: unknown, model: string, format: unknown): object {
  const inputs = Array.isArray(input) ? input : [input];
  const embedding = format === "base64" ? base64(EMBEDDING) : EMBEDDING;
  const data = inputs.map((_, index) => ({ object: "embedding", index, embedding }));
  return {
    object: "list",
    model,
    data,
    usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
  };
}

function head(id: string, created: number, { kind, model }: Asked, chunk: "" | ".chunk"): object {
  const object = kind === "chat" ? `chat.completion${chunk}` : "text_completion";
  return { id, object, created, model };
}

function usageOf({ promptTokens, tokens }: Asked): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
  };
}

function eventOf(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function base64(values: readonly number[]): string {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) {
    bytes.writeFloatLE(value, 4 * at);
  }
  return bytes.toString("base64");
}
