import { type Answer, type Api, type Call, EVENTS, eventOf, promptTokensOf, textOf, tokensOf } from "./api";

/** The own API of Text Generation Inference. Source: Text Generation Inference API, /generate and /generate_stream. */
export const tgi: Api = {
  GET: { "/info": ({ model, server }) => ({ model_id: model, router: server, version: "0.0.0" }) },
  POST: {
    "/": (call) => (call.body.stream === true ? generation(call, true) : generation(call, false, true)),
    "/generate": (call) => generation(call, false),
    "/generate_stream": (call) => generation(call, true),
  },
};

/** @param inList whether the answer in one piece is the only one of a list, as that of `/` is */
function generation({ body }: Call, stream: boolean, inList = false): Answer {
  const parameters = body.parameters as
    | { readonly max_new_tokens?: unknown; readonly details?: boolean }
    | undefined;
  const tokens = tokensOf(parameters?.max_new_tokens);
  const details = {
    finish_reason: "length",
    generated_tokens: tokens,
    input_length: promptTokensOf(body.inputs),
  };
  return {
    generation: {
      tokens,
      stream,
      contentType: EVENTS,
      whole: () => {
        const answer = { generated_text: textOf(0, tokens) };
        const whole = parameters?.details ? { ...answer, details } : answer;
        return inList ? [whole] : whole;
      },
      // One for each token. The last has the whole text and the reason.
      event: (from, to) =>
        Array.from({ length: to - from }, (_, index) => from + index)
          .map((at) => {
            const isLast = at === tokens - 1;
            return eventOf({
              index: at + 1,
              token: { id: at, text: textOf(at, at + 1), logprob: 0, special: false },
              generated_text: isLast ? textOf(0, tokens) : null,
              details: isLast ? details : null,
            });
          })
          .join(""),
      end: () => "",
    },
  };
}
