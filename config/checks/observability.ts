import { parseArn } from "../../aws/arn";
import { error } from "../diagnostics/diagnostic";
import { isOfOneRegion, observabilitySetting } from "../plan/overrides";
import type { Check } from "./check";

/** Log groups are encrypted with keys of their own region. */
export const checkObservability: Check = ({ file, deployment }) =>
  deployment.regions.flatMap(({ name, observability }) => {
    const home = parseArn(observability?.kmsKeyArn)?.region;
    if (home === undefined || home === name) {
      return [];
    }
    const { path } = observabilitySetting(file, name, "kmsKeyArn");
    return [
      error(
        "in-another-region",
        path,
        isOfOneRegion(path)
          ? `the key is in ${home}, and the logs in ${name}; use a key of ${name}`
          : `the key is in ${home}, and the logs in ${name}; write a key of ${name} under regions.${name}.observability`,
      ),
    ];
  });
