import { inspect } from "node:util";
import type { StoryInstance } from "./story-instance";

/** Has the model generate so many tokens, ten a second. @returns what came of the stream, and why it was cut if it was */
export async function generate(instance: StoryInstance, tokens: number): Promise<string> {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "llama", prompt: "?", stream: true, max_tokens: tokens }),
  };
  let text = "";
  try {
    const { body } = await fetch(instance.url("/v1/completions"), request);
    for await (const chunk of body ?? []) {
      text += Buffer.from(chunk).toString();
    }
  } catch (error) {
    text += inspect(error);
  }
  return text;
}

/** A stream of so many tokens, of which none is lost. */
export function wholeStream(tokens: number): string {
  return `${"data: token\n\n".repeat(tokens)}data: [DONE]\n\n`;
}
