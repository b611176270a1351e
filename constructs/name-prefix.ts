import type { TextLimit } from "../aws/limits";

/** What Terraform puts behind a `name_prefix`: a time and a counter. Source: Terraform plugin SDK, `id.PrefixedUniqueId`. */
const UNIQUE_ENDING = 26;

/**
 * What a prefix of a name may be, so that the name with its unique ending is one AWS takes.
 *
 * @param also characters that we put between prefix and ending ourselves
 */
export function prefixOf(name: TextLimit, also = 0): TextLimit {
  return { ...name, maxLength: name.maxLength - UNIQUE_ENDING - also };
}
