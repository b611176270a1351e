import type { ServerProbe } from "./preset";

/** A completion of one token, as OpenAI's API has it: base models without a chat template answer it too. */
export function completion(source: string): ServerProbe {
  return {
    path: "/v1/completions",
    body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
    expect: '"choices"',
    source,
  };
}

/** An embedding, as OpenAI's API has it. */
export function embedding(source: string): ServerProbe {
  return {
    path: "/v1/embeddings",
    body: '{"model":"{model}","input":"ready?"}',
    expect: '"embedding"',
    source,
  };
}
