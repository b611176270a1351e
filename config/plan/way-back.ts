/** The command that takes a variant in a region back to its last good version, as texts for people name it. */
export function wayBack(
  region: string,
  model: { readonly name: string },
  variant: { readonly name: string },
): string {
  return `npm run back -- ${region} ${model.name} ${variant.name}`;
}
