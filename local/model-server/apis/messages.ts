import { type Answer, type Call, EVENTS, promptTokensOf, textOf, tokensOf } from "./api";

/** A message of Anthropic's API, with text alone. Source: Anthropic API reference, Messages; Streaming messages. */
export function message({ body, model, id }: Call): Answer {
  const tokens = tokensOf(body.max_tokens);
  const inputTokens = promptTokensOf(body.messages);
  const head = { id: `msg_${id}`, type: "message", role: "assistant", model };
  const stop = { stop_reason: "max_tokens", stop_sequence: null };
  const event = (type: string, fields: object = {}) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const begins = () =>
    event("message_start", {
      message: {
        ...{ ...head, content: [], stop_reason: null, stop_sequence: null },
        usage: { input_tokens: inputTokens, output_tokens: 0 },
      },
    }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  return {
    generation: {
      tokens,
      stream: body.stream === true,
      contentType: EVENTS,
      whole: () => ({
        ...{ ...head, content: [{ type: "text", text: textOf(0, tokens) }], ...stop },
        usage: { input_tokens: inputTokens, output_tokens: tokens },
      }),
      event: (from, to) =>
        (from === 0 ? begins() : "") +
        event("content_block_delta", { index: 0, delta: { type: "text_delta", text: textOf(from, to) } }),
      end: () =>
        event("content_block_stop", { index: 0 }) +
        event("message_delta", { delta: stop, usage: { output_tokens: tokens } }) +
        event("message_stop"),
    },
  };
}

/** How many tokens a message would have. Source: Anthropic API reference, Count tokens in a Message. */
export function countTokens({ body }: Call): Answer {
  return { json: { input_tokens: promptTokensOf(body.messages) } };
}
