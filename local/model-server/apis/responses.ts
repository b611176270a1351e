import { type Answer, type Call, EVENTS, promptTokensOf, textOf, tokensOf } from "./api";

/**
 * A response of OpenAI's API for them, with text alone. Each event of its stream has a name and a number. Source: OpenAI
 * API reference, Responses; Streaming events.
 */
export function response({ body, model, id, created }: Call): Answer {
  const tokens = tokensOf(body.max_output_tokens);
  const inputTokens = promptTokensOf(body.input);
  const text = () => textOf(0, tokens);
  const part = (said: string) => ({ type: "output_text", text: said, annotations: [] });
  const message = (status: string, said: string) => ({
    ...{ type: "message", id: `msg_${id}`, status, role: "assistant" },
    content: status === "completed" ? [part(said)] : [],
  });
  const whole = (status: string) => ({
    ...{ id: `resp_${id}`, object: "response", created_at: created, status, model },
    ...{ error: null, incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true },
    ...{ temperature: 1, tool_choice: "auto", tools: [], top_p: 1 },
    output: status === "completed" ? [message(status, text())] : [],
    usage:
      status === "completed"
        ? {
            ...{ input_tokens: inputTokens, input_tokens_details: { cached_tokens: 0 } },
            ...{ output_tokens: tokens, output_tokens_details: { reasoning_tokens: 0 } },
            total_tokens: inputTokens + tokens,
          }
        : null,
  });
  let number = 0;
  const event = (type: string, fields: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`;
  const place = { item_id: `msg_${id}`, output_index: 0, content_index: 0 };
  const begins = () =>
    event("response.created", { response: whole("in_progress") }) +
    event("response.in_progress", { response: whole("in_progress") }) +
    event("response.output_item.added", { output_index: 0, item: message("in_progress", "") }) +
    event("response.content_part.added", { ...place, part: part("") });
  return {
    generation: {
      tokens,
      stream: body.stream === true,
      contentType: EVENTS,
      whole: () => whole("completed"),
      event: (from, to) =>
        (from === 0 ? begins() : "") +
        event("response.output_text.delta", { ...place, delta: textOf(from, to), logprobs: [] }),
      end: () =>
        event("response.output_text.done", { ...place, text: text(), logprobs: [] }) +
        event("response.content_part.done", { ...place, part: part(text()) }) +
        event("response.output_item.done", { output_index: 0, item: message("completed", text()) }) +
        event("response.completed", { response: whole("completed") }),
    },
  };
}
