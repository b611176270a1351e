import { TAGS_PER_RESOURCE } from "../../aws/limits";
import { type Diagnostic, error, keyError, type Path } from "../diagnostics/diagnostic";
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
        "too-many-tags",
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
    const ofKey = keyDiagnostics(key, twin, [...where, key]);
    const letter = /[^\p{L}\p{N}\p{Zs}_.:/=+\-@]/u.exec(tags[key] ?? "")?.[0];
    return letter === undefined
      ? ofKey
      : [
          ...ofKey,
          error(
            "tag-value-refused",
            [...where, key],
            `has ${JSON.stringify(letter)}; a tag's value may hold letters, digits, spaces and _ . : / = + - @`,
          ),
        ];
  });
}

/** IAM is the strictest of the services that are tagged. Source: IAM user guide, Tags for IAM resources. */
function keyDiagnostics(key: string, twin: string | undefined, where: Path): readonly Diagnostic[] {
  if (OWN_TAGS.includes(key)) {
    const message = `the stacks set the tag "${key}" themselves; choose another key`;
    return [keyError("reserved-tag", where, message)];
  }
  if (key.includes(",")) {
    return [
      keyError("tag-key-refused", where, `tag "${key}": IAM takes no comma in a key; use another sign`),
    ];
  }
  return twin === undefined
    ? []
    : [keyError("duplicate-tag", where, `IAM treats "${key}" and "${twin}" as one key; remove one of them`)];
}
