/** An error as clients of OpenAI's API read it. Source: OpenAI API reference, "Errors"; vLLM answers in the same form. */
export function openAiError(message: string, type: string, code: string): string {
  return JSON.stringify({ error: { message, type, param: null, code } });
}
