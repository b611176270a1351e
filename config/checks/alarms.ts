import type { Region } from "../deployment";
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
  return [
    ...(alarms.email === undefined ? regionsWithoutTopic(deployment.regions) : []),
    ...crowdedRegions(deployment.regions),
  ];
};

/** Actions of one alarm. Source: CloudWatch API, PutMetricAlarm. */
const ACTIONS_MAX = 5;

function crowdedRegions(regions: readonly Region[]): readonly Problem[] {
  return regions.flatMap(({ name, alarms: { email, topicArns } }) => {
    const told = new Set(topicArns).size + (email === undefined ? 0 : 1);
    return told > ACTIONS_MAX
      ? [
          error(
            ["alarms", "topicArns"],
            `${told} topics in ${name}${email === undefined ? "" : ", that of the email among them,"} are more than the ${ACTIONS_MAX} an alarm tells; let one of them tell the others`,
          ),
        ]
      : [];
  });
}

function regionsWithoutTopic(regions: readonly Region[]): readonly Problem[] {
  return regions
    .filter((region) => region.alarms.topicArns.length === 0)
    .map(({ name }) =>
      warning(
        ["alarms", "topicArns"],
        `none of the topics is in ${name}, so nobody is told of it; add one, or an email`,
      ),
    );
}
