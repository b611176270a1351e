import { parseArn } from "../../aws/arn";
import { ALARM_ACTIONS } from "../../aws/limits";
import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import type { Deployment, Recipients } from "../plan/deployment";
import type { Check } from "./check";

/** Alarms notify somebody, in every region that has them. */
export const checkAlarms: Check = ({ file: { alarms }, deployment }) => {
  const hasRecipient = alarms.email !== undefined || alarms.topicArns.length > 0;
  if (!hasRecipient) {
    return [
      warning(
        "no-alarm-recipient",
        ["alarms"],
        "nobody is notified when instances fail; add alarms.email or alarms.topicArns",
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
  readonly alarms: Recipients;
  /** What nobody would be notified of there, as the end of a sentence. */
  readonly of: string;
}

/** The regions, and where the global endpoint's alarms are, which may be one of them. */
function placesOfAlarms({ regions, globalEndpoint }: Deployment): readonly PlaceOfAlarms[] {
  const ofGlobalEndpoint = "when the global endpoint takes a region out";
  const places = regions.map(({ name, alarms }) => ({
    region: name,
    alarms,
    of: name === globalEndpoint?.alarms.region ? `of its alarms or ${ofGlobalEndpoint}` : "of its alarms",
  }));
  if (globalEndpoint === undefined || regions.some(({ name }) => name === globalEndpoint.alarms.region)) {
    return places;
  }
  return [
    ...places,
    { region: globalEndpoint.alarms.region, alarms: globalEndpoint.alarms, of: ofGlobalEndpoint },
  ];
}

function crowdedPlaces(places: readonly PlaceOfAlarms[]): readonly Diagnostic[] {
  return places.flatMap(({ region, alarms: { email, topicArns } }) => {
    const topics = new Set(topicArns).size + (email === undefined ? 0 : 1);
    return topics > ALARM_ACTIONS.max
      ? [
          error(
            "too-many-topics",
            ["alarms", "topicArns"],
            `${topics} topics in ${region}${email === undefined ? "" : ", with that of the email,"} are more than the ${ALARM_ACTIONS.max} that an alarm notifies; let one of them notify the others`,
          ),
        ]
      : [];
  });
}

function placesWithoutTopic(places: readonly PlaceOfAlarms[]): readonly Diagnostic[] {
  return places
    .filter((place) => place.alarms.topicArns.length === 0)
    .map(({ region, of }) =>
      warning(
        "region-without-topic",
        ["alarms", "topicArns"],
        `no topic is in ${region}, so nobody is notified ${of}; add one there, or an email`,
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
            `no alarm is in ${region}, so this topic is never notified; remove it, or name one in ${regions.join(", ")}`,
          ),
        ];
  });
}
