import { type Answer, type Api, type Call, EVENTS, eventOf, promptTokensOf, textOf, tokensOf } from "./api";
import { OLLAMA_COMPATIBLE } from "./ollama";

/** SGLang's own API, and Ollama's. Source: SGLang docs, Native APIs; Ollama-compatible API. */
export const sglang: Api = {
  GET: { ...OLLAMA_COMPATIBLE.GET, "/model_info": ({ model }) => ({ model_path: model }) },
  POST: { ...OLLAMA_COMPATIBLE.POST, "/generate": generate },
};

/** Each event of a stream has the whole text until then. */
function generate({ body, id }: Call): Answer {
  const parameters = body.sampling_params as { readonly max_new_tokens?: unknown } | undefined;
  const tokens = tokensOf(parameters?.max_new_tokens);
  const said = (to: number) => ({
    text: textOf(0, to),
    meta_info: {
      id,
      finish_reason: to >= tokens ? { type: "length", length: tokens } : null,
      prompt_tokens: promptTokensOf(body.text),
      completion_tokens: to,
    },
  });
  return {
    generation: {
      tokens,
      stream: body.stream === true,
      contentType: EVENTS,
      whole: () => said(tokens),
      event: (_, to) => eventOf(said(to)),
      end: () => "data: [DONE]\n\n",
    },
  };
}
