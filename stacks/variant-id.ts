/**
 * What a variant is called among those of all models, in words of `[a-z0-9-]`, e.g. `llama-3-8b--canary`. Names hold
 * no two hyphens in a row, so `llama--b-canary` is none of the variants of `llama-b`.
 */
export function variantId(model: { readonly name: string }, variant: { readonly name: string }): string {
  return `${model.name}--${variant.name}`;
}
