import { error } from "../problem";
import type { Check } from "./check";

/** Tags of one resource. Source: Tagging AWS Resources user guide; ten are left for the stack's own. */
const TAGS_MAX = 40;

/** Where the state lies, and tags that AWS takes. */
export const checkState: Check = ({ file, deployment }) => {
  const { kmsKeyArn, region } = file.state;
  const keyRegion = kmsKeyArn?.split(":")[3];
  return [
    ...(keyRegion !== undefined && keyRegion !== region
      ? [
          error(
            ["state", "kmsKeyArn"],
            `the key is in ${keyRegion}, and the bucket in ${region}; use a key of ${region}`,
          ),
        ]
      : []),
    ...deployment.regions
      .filter(({ tags }) => Object.keys(tags).length > TAGS_MAX)
      .map(({ name, tags }) =>
        error(
          ["tags"],
          `${Object.keys(tags).length} tags in ${name} are more than AWS takes beside the stack's own; use ${TAGS_MAX} or fewer`,
        ),
      ),
  ];
};
