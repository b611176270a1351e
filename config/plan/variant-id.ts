/**
 * Id of a variant among those of all models, of `[a-z0-9-]`, e.g. `llama-3-8b--canary`. Names have no two hyphens in a
 * row, so two variants never share an id.
 */
export function variantId(model: { readonly name: string }, variant: { readonly name: string }): string {
  return `${model.name}--${variant.name}`;
}
