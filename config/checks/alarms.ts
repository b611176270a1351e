import { parseArn } from "../../aws/arn";
import { ALARM_ACTIONS } from "../../aws/limits";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import type { Deployment, RegionAlarms } from "../plan/deployment";
import type { Check } from "./check";

/** Somebody is told when instances fail. */
export const checkAlarms: Check = ({ file: { alarms }, deployment }) => {
  const told = alarms.email !== undefined || alarms.topicArns.length > 0;
  if (!told) {
    return [
      warning(
        "no-alarm-recipient",
        ["alarms"],
        "nobody is told when instances fail; add alarms.email or alarms.topicArns",
      ),
    ];
  }
  const places = placesOfAlarms(deployment);
  return [
    ...(alarms.email === undefined ? placesWithoutTopic(places) : []),
    ...crowdedPlaces(places),
    ...topicsElsewhere(alarms.topicArns, places),
  ];
};

/** A region with alarms. */
interface PlaceOfAlarms {
  readonly region: string;
  readonly told: RegionAlarms;
  /** What nobody would be told there, as the end of a sentence. */
  readonly of: string;
}

/** The regions, and where the global endpoint's alarms are, which may be one of them. */
function placesOfAlarms({ regions, globalEndpoint }: Deployment): readonly PlaceOfAlarms[] {
  const ofGlobalEndpoint = "when the global endpoint takes a region out";
  const places = regions.map(({ name, alarms }) => ({
    region: name,
    told: alarms,
    of: name === globalEndpoint?.alarms.region ? `of it, nor ${ofGlobalEndpoint}` : "of it",
  }));
  if (globalEndpoint === undefined || regions.some(({ name }) => name === globalEndpoint.alarms.region)) {
    return places;
  }
  return [
    ...places,
    { region: globalEndpoint.alarms.region, told: globalEndpoint.alarms, of: ofGlobalEndpoint },
  ];
}

function crowdedPlaces(places: readonly PlaceOfAlarms[]): readonly Diagnostic[] {
  return places.flatMap(({ region, told: { email, topicArns } }) => {
    const told = new Set(topicArns).size + (email === undefined ? 0 : 1);
    return told > ALARM_ACTIONS.max
      ? [
          error(
            "too-many-topics",
            ["alarms", "topicArns"],
            `${told} topics in ${region}${email === undefined ? "" : ", that of the email among them,"} are more than the ${ALARM_ACTIONS.max} an alarm tells; let one of them tell the others`,
          ),
        ]
      : [];
  });
}

function placesWithoutTopic(places: readonly PlaceOfAlarms[]): readonly Diagnostic[] {
  return places
    .filter(({ told }) => told.topicArns.length === 0)
    .map(({ region, of }) =>
      warning(
        "region-without-topic",
        ["alarms", "topicArns"],
        `none of the topics is in ${region}, so nobody is told ${of}; add one, or an email`,
      ),
    );
}

function topicsElsewhere(
  topicArns: readonly string[],
  places: readonly PlaceOfAlarms[],
): readonly Diagnostic[] {
  const regions = places.map(({ region }) => region);
  return topicArns.flatMap((arn, place) => {
    const region = parseArn(arn)?.region ?? "";
    return regions.includes(region)
      ? []
      : [
          warning(
            "topic-without-alarms",
            ["alarms", "topicArns", place],
            `no alarm is in ${region}, so this topic is told nothing; remove it, or name one in ${regions.join(", ")}`,
          ),
        ];
  });
}
