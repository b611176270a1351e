/** A generation that a client reads as a stream from the server of an instance. */
export interface Generation {
  /** Tokens that have come so far. */
  tokens(): number;
  /** Whether the stream arrived complete; undefined before its end. */
  whole(): boolean | undefined;
}

/** Requests a generation, which ends when the test sets it. */
export function generate(port: number): Generation {
  let text = "";
  let whole: boolean | undefined;
  const read = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/stream`);
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
    }
  };
  read()
    .then(() => {
      whole = text.endsWith("data: [DONE]\n\n");
    })
    .catch(() => {
      whole = false;
    });
  return { tokens: () => text.split("data: token").length - 1, whole: () => whole };
}
