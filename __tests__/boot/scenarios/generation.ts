/** A generation that a client reads as it comes, from a server of an instance. */
export interface Generation {
  /** Tokens that have come so far. */
  tokens(): number;
  /** Whether all that was to come has come; undefined while it may. */
  whole(): boolean | undefined;
}

/** Asks for a generation, which ends when the instance says so. */
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
