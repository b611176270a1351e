import {
  type Answer,
  type Call,
  EMBEDDING,
  EVENTS,
  eventOf,
  inputsOf,
  promptTokensOf,
  textOf,
  tokensOf,
} from "./api";
import { countTokens, message } from "./messages";
import { response } from "./responses";

/**
 * What a path of OpenAI's API answers, or of Anthropic's where a server has that beside it, by the end of the path: servers
 * have them below `/v1`, and at other places.
 */
export const openAi: Readonly<Record<string, (call: Call) => Answer>> = {
  "/chat/completions": (call) => generation("chat", call),
  "/completions": (call) => generation("completion", call),
  "/responses": response,
  "/messages": message,
  "/messages/count_tokens": countTokens,
  "/embeddings": ({ body, model }) => ({ json: embeddings(body.input, model, body.encoding_format) }),
};

/** Source: OpenAI API reference, Chat and Completions. The first event of a chat has the role, the last the reason. */
function generation(kind: "chat" | "completion", { body, model, id, created }: Call): Answer {
  const tokens = tokensOf(body.max_completion_tokens ?? body.max_tokens);
  const options = body.stream_options as { readonly include_usage?: boolean } | undefined;
  const promptTokens = promptTokensOf(body.messages ?? body.prompt);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: tokens,
    total_tokens: promptTokens + tokens,
  };
  const head = (chunk: "" | ".chunk") => ({
    id: `${kind === "chat" ? "chatcmpl" : "cmpl"}-${id}`,
    object: kind === "chat" ? `chat.completion${chunk}` : "text_completion",
    created,
    model,
  });
  return {
    generation: {
      tokens,
      stream: body.stream === true,
      contentType: EVENTS,
      whole: () => {
        const text = textOf(0, tokens);
        const said = kind === "chat" ? { message: { role: "assistant", content: text } } : { text };
        const choice = { index: 0, ...said, finish_reason: "length", logprobs: null };
        return { ...head(""), choices: [choice], usage };
      },
      event: (from, to) => {
        const finish_reason = to >= tokens ? "length" : null;
        const text = textOf(from, to);
        const role = from === 0 ? { role: "assistant" } : {};
        const choice =
          kind === "chat"
            ? { index: 0, delta: { ...role, content: text }, finish_reason }
            : { index: 0, text, finish_reason, logprobs: null };
        return eventOf({ ...head(".chunk"), choices: [choice] });
      },
      end: () => {
        const last =
          options?.include_usage === true ? eventOf({ ...head(".chunk"), choices: [], usage }) : "";
        return `${last}data: [DONE]\n\n`;
      },
    },
  };
}

/**
 * Embeddings of one input or several, all the same. As base64 they are 32-bit numbers, the lowest byte first: OpenAI's
 * clients ask for that unless told otherwise. Source: OpenAI API reference, Embeddings, encoding_format.
 */
function embeddings(input: unknown, model: string, format: unknown): object {
  const inputs = inputsOf(input);
  const embedding = format === "base64" ? base64(EMBEDDING) : EMBEDDING;
  const data = inputs.map((_, index) => ({ object: "embedding", index, embedding }));
  return {
    object: "list",
    model,
    data,
    usage: { prompt_tokens: inputs.length, total_tokens: inputs.length },
  };
}

function base64(values: readonly number[]): string {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) {
    bytes.writeFloatLE(value, 4 * at);
  }
  return bytes.toString("base64");
}
