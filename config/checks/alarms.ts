import { error, type Problem, warning } from "../problem";
import type { Check } from "./check";

/** Somebody is told when boxes fail. */
export const checkAlarms: Check = ({ file: { alarms }, deployment }) => {
  const told = alarms.email !== undefined || alarms.topicArns.length > 0;
  if (!told) {
    return alarms.silent
      ? []
      : [
          warning(
            ["alarms"],
            "nobody is told when boxes fail; add alarms.email or alarms.topicArns, or say alarms.silent: true",
          ),
        ];
  }
  if (alarms.silent) {
    return [error(["alarms", "silent"], "alarms cannot be silent and tell somebody; remove one of the two")];
  }
  return alarms.email === undefined ? regionsWithoutTopic(deployment.regions) : [];
};

function regionsWithoutTopic(regions: Parameters<Check>[0]["deployment"]["regions"]): readonly Problem[] {
  return regions
    .filter((region) => region.alarms.topicArns.length === 0)
    .map(({ name }) =>
      warning(
        ["alarms", "topicArns"],
        `none of the topics is in ${name}, so nobody is told of it; add one, or an email`,
      ),
    );
}
