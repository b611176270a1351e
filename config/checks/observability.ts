import { error, type Path } from "../diagnostics/diagnostic";
import type { Check } from "./check";

/** Log groups are encrypted with keys of their own region. */
export const checkObservability: Check = ({ file, deployment }) =>
  deployment.regions.flatMap(({ name, observability }) => {
    const home = observability?.kmsKeyArn?.split(":")[3];
    if (home === undefined || home === name) {
      return [];
    }
    const here = file.regions[name]?.observability;
    const saidHere = here !== undefined && here !== false && here.kmsKeyArn !== undefined;
    const path: Path = saidHere ? ["regions", name, "observability"] : ["observability"];
    return [
      error(
        [...path, "kmsKeyArn"],
        saidHere
          ? `the key is in ${home}, and the logs in ${name}; use a key of ${name}`
          : `the key is in ${home}, and the logs of ${name} are not; write that of ${name} under regions.${name}.observability`,
      ),
    ];
  });
