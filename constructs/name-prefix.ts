import type { TextLimit } from "../aws/limits";

/**
 * Characters that Terraform adds to a `name_prefix`: a time and a counter. Source: Terraform plugin SDK,
 * `id.PrefixedUniqueId`.
 */
const UNIQUE_ENDING = 26;

/**
 * The limit of a name's prefix, so that AWS accepts the name with its unique ending.
 *
 * @param also number of characters that the construct itself adds between prefix and ending
 */
export function prefixOf(name: TextLimit, also = 0): TextLimit {
  return { ...name, maxLength: name.maxLength - UNIQUE_ENDING - also };
}
