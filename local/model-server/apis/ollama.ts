import {
  type Answer,
  type Api,
  type Call,
  EMBEDDING,
  inputsOf,
  promptTokensOf,
  textOf,
  tokensOf,
} from "./api";

/** Paths of Ollama that others have too. They stream unless told otherwise, a line of JSON at a time. */
export const OLLAMA_COMPATIBLE = {
  GET: { "/api/tags": ({ model }) => ({ models: [aboutModel(model)] }) },
  POST: {
    "/api/generate": (call) =>
      generation(call, call.body.prompt, (text) => ({ response: text }), { context: [] }),
    "/api/chat": (call) =>
      generation(call, call.body.messages, (text) => ({ message: { role: "assistant", content: text } })),
    "/api/show": () => ({ json: { details: {}, model_info: {}, capabilities: ["completion"] } }),
  },
} satisfies Api;

/** Ollama's own API. Source: Ollama docs, API. */
export const ollama: Api = {
  GET: {
    ...OLLAMA_COMPATIBLE.GET,
    "/api/ps": ({ model }) => ({ models: [aboutModel(model)] }),
    "/api/version": () => ({ version: "0.0.0" }),
  },
  POST: {
    ...OLLAMA_COMPATIBLE.POST,
    "/api/embed": ({ body, model }) => {
      const inputs = inputsOf(body.input);
      const embeddings = inputs.map(() => EMBEDDING);
      return { json: { model, embeddings, prompt_eval_count: inputs.length } };
    },
    "/api/embeddings": () => ({ json: { embedding: EMBEDDING } }),
  },
};

function generation(
  { body, model, created }: Call,
  prompt: unknown,
  said: (text: string) => object,
  more: object = {},
): Answer {
  const options = body.options as { readonly num_predict?: unknown } | undefined;
  const tokens = tokensOf(options?.num_predict);
  const head = { model, created_at: new Date(1000 * created).toISOString() };
  const last = (text: string, seconds: number) => ({
    ...{ ...head, ...said(text), done: true, done_reason: "length", ...more },
    total_duration: nanoseconds(seconds),
    prompt_eval_count: promptTokensOf(prompt),
    eval_count: tokens,
    eval_duration: nanoseconds(seconds),
  });
  return {
    generation: {
      tokens,
      stream: body.stream !== false,
      contentType: "application/x-ndjson",
      whole: (seconds) => last(textOf(0, tokens), seconds),
      event: (from, to) => lineOf({ ...head, ...said(textOf(from, to)), done: false }),
      end: (seconds) => lineOf(last("", seconds)),
    },
  };
}

function aboutModel(model: string): object {
  return { name: model, model, modified_at: new Date(0).toISOString(), size: 0, digest: "", details: {} };
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
