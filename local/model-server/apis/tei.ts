import { type Api, EMBEDDING, inputsOf } from "./api";

/** How well any two texts go together. */
const SCORE = 0.5;

/** The own API of Text Embeddings Inference. Source: Text Embeddings Inference API. */
export const tei: Api = {
  GET: { "/info": ({ model }) => ({ model_id: model, version: "0.0.0" }) },
  POST: {
    "/embed": ({ body }) => ({ json: inputsOf(body.inputs).map(() => EMBEDDING) }),
    "/embed_all": ({ body }) => ({ json: inputsOf(body.inputs).map(() => [EMBEDDING]) }),
    "/embed_sparse": ({ body }) => ({
      json: inputsOf(body.inputs).map(() => EMBEDDING.map((value, index) => ({ index, value }))),
    }),
    "/rerank": ({ body }) => ({
      json: inputsOf(body.texts).map((text, index) => ({
        ...{ index, score: SCORE },
        ...(body.return_texts === true ? { text } : {}),
      })),
    }),
    "/similarity": ({ body }) => {
      const inputs = body.inputs as { readonly sentences?: unknown } | undefined;
      return { json: inputsOf(inputs?.sentences).map(() => SCORE) };
    },
    // One text has a list of labels; several, a list of such lists. A pair of texts within a list is one input.
    "/predict": ({ body }) => {
      const labels = [{ score: SCORE, label: "LABEL_0" }];
      return { json: Array.isArray(body.inputs) ? body.inputs.map(() => labels) : labels };
    },
  },
};
