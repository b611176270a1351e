import {
  type Answer,
  type Api,
  type Call,
  EMBEDDING,
  EVENTS,
  eventOf,
  inputsOf,
  textOf,
  tokensOf,
} from "./api";

/** llama.cpp's own API. Source: llama.cpp tools/server README, POST /completion and POST /embedding. */
export const llamaCpp: Api = {
  GET: {},
  POST: {
    "/completion": completion,
    "/embedding": ({ body }) => ({
      json: inputsOf(body.content ?? body.input).map((_, index) => ({ index, embedding: [EMBEDDING] })),
    }),
  },
};

function completion({ body, model }: Call): Answer {
  const tokens = tokensOf(body.n_predict);
  const last = (content: string) => ({
    ...{ index: 0, content, stop: true, model },
    ...{ tokens_predicted: tokens, stop_type: "limit" },
  });
  return {
    generation: {
      tokens,
      stream: body.stream === true,
      contentType: EVENTS,
      whole: () => last(textOf(0, tokens)),
      event: (from, to) => eventOf({ index: 0, content: textOf(from, to), stop: false }),
      end: () => eventOf(last("")),
    },
  };
}
