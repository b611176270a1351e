import type { ServerFacts } from "../facts";
import { type Answer, type Api, type Call, EVENTS, eventOf, textOf, tokensOf } from "./api";

/** A model of text, as the examples of Triton's back ends of language models have it. */
const INPUT = { name: "text_input", datatype: "BYTES", shape: [1] };
const OUTPUT = { name: "text_output", datatype: "BYTES", shape: [1] };
const VERSION = "1";

/** The predict protocol and the generate extension. Source: Triton docs, Protocol: HTTP/REST; Generate extension. */
export const triton: Api = {
  GET: {
    "/v2": () => ({ name: "triton", version: "0.0.0", extensions: ["generate"] }),
    ...ofModel("", aboutModel),
    ...ofModel("/config", ({ model }: ServerFacts) => ({ name: model })),
  },
  POST: {
    ...ofModel("/infer", ({ model, body }: Call) => ({
      json: {
        ...(body.id === undefined ? {} : { id: body.id }),
        ...{ model_name: model, model_version: VERSION },
        outputs: [{ ...OUTPUT, data: [textOf(0, tokensOf(undefined))] }],
      },
    })),
    ...ofModel("/generate", (call: Call) => generation(call, false)),
    ...ofModel("/generate_stream", (call: Call) => generation(call, true)),
  },
};

function generation({ body, model }: Call, stream: boolean): Answer {
  const parameters = body.parameters as { readonly max_tokens?: unknown } | undefined;
  const tokens = tokensOf(body.max_tokens ?? parameters?.max_tokens);
  const said = (text: string) => ({ model_name: model, model_version: VERSION, text_output: text });
  return {
    generation: {
      tokens,
      stream,
      contentType: EVENTS,
      whole: () => said(textOf(0, tokens)),
      event: (from, to) => eventOf(said(textOf(from, to))),
      end: () => "",
    },
  };
}

function aboutModel({ model }: ServerFacts): object {
  return { name: model, versions: [VERSION], platform: "", inputs: [INPUT], outputs: [OUTPUT] };
}

/** A path of a model, and the same of a version of it. */
function ofModel<T>(path: string, answer: T): Readonly<Record<string, T>> {
  const model = "/v2/models/{model}";
  return { [`${model}${path}`]: answer, [`${model}/versions/{version}${path}`]: answer };
}
