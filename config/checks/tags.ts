import { TAGS_PER_RESOURCE } from "../../aws/limits";
import { type Diagnostic, error, keyError } from "../diagnostics/diagnostic";
import { OWN_TAGS } from "../plan/tags";
import type { Check } from "./check";

/** Ten are left for the stacks' own. */
const TAGS_MAX = TAGS_PER_RESOURCE.max - 10;

/** Tags that AWS takes, on every resource, and that are not lost under the stacks' own. */
export const checkTags: Check = ({ file, deployment }) => [
  ...tagDiagnostics(["tags"], file.tags),
  ...Object.entries(file.regions).flatMap(([name, { tags = {} }]) =>
    tagDiagnostics(["regions", name, "tags"], tags),
  ),
  ...deployment.regions
    .map(({ name, tags }) => ({
      name,
      count: Object.keys(tags).filter((key) => !OWN_TAGS.includes(key)).length,
    }))
    .filter(({ count }) => count > TAGS_MAX)
    .map(({ name, count }) =>
      error(
        ["tags"],
        `${count} tags in ${name} are more than AWS takes beside the stack's own; use ${TAGS_MAX} or fewer`,
      ),
    ),
];

function tagDiagnostics(
  where: readonly string[],
  tags: Readonly<Record<string, string>>,
): readonly Diagnostic[] {
  const keys = Object.keys(tags);
  return keys.flatMap((key, index) => {
    const twin = keys.slice(0, index).find((other) => other.toLowerCase() === key.toLowerCase());
    const message = keyMessage(key, twin);
    const ofKey = message === undefined ? [] : [keyError([...where, key], message)];
    const letter = /[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/u.exec(tags[key] ?? "")?.[0];
    return letter === undefined
      ? ofKey
      : [
          ...ofKey,
          error(
            [...where, key],
            `has ${JSON.stringify(letter)}; a tag's value may hold letters, digits, spaces and _ . : / = + - @`,
          ),
        ];
  });
}

/** IAM is the strictest of the services that are tagged. Source: IAM user guide, Tags for IAM resources. */
function keyMessage(key: string, twin: string | undefined): string | undefined {
  if (OWN_TAGS.includes(key)) {
    return `the stacks set the tag "${key}" themselves; choose another key`;
  }
  if (key.includes(",")) {
    return `tag "${key}": IAM takes no comma in a key; use another sign`;
  }
  return twin === undefined ? undefined : `IAM takes "${key}" and "${twin}" for one key; remove one of them`;
}
