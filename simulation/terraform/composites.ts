import type { Json } from "../../testing/terraform/json";
import { alarmsIn, readRule, UnreadableRule } from "../cloudwatch/alarm-rule";
import type { AlarmModel, AlarmRule, CompositeModel } from "../cloudwatch/model";
import { readActions } from "./metrics";
import { addressIn, block, number, type Reading, type Resource, text } from "./reading";

/** What stands before the name in the ARN of an alarm. */
const ARN = /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/;

/**
 * The composite alarms of a stack.
 *
 * @param alarms of the stack that watch what the simulation has
 */
export function readComposites(
  reading: Reading,
  alarms: readonly Pick<AlarmModel, "name">[],
): readonly CompositeModel[] {
  const all = reading.resources("aws_cloudwatch_composite_alarm");
  const names = namesByAddress([...reading.resources("aws_cloudwatch_metric_alarm"), ...all]);
  const nameOf = (written: Json): string =>
    names.get(addressIn(written) ?? "") ?? String(written).replace(ARN, "");
  const known = new Set([...alarms.map(({ name }) => name), ...namesByAddress(all).values()]);
  return all.flatMap((resource) => {
    const { address, body } = resource;
    const rule = readOrNote(reading, resource, nameOf);
    if (rule === undefined) {
      return [];
    }
    const suppressor = block(body, "actions_suppressor");
    const model: CompositeModel = {
      address,
      name: text(body.alarm_name, address),
      rule,
      actions: readActions(body),
      suppressor: suppressor && {
        alarm: nameOf(suppressor.alarm),
        waitPeriod: number(suppressor.wait_period, 0),
        extensionPeriod: number(suppressor.extension_period, 0),
      },
    };
    for (const name of [...alarmsIn(rule), ...(model.suppressor ? [model.suppressor.alarm] : [])]) {
      if (!known.has(name)) {
        reading.note(resource, `looks at the alarm ${name}, which is not simulated: it has no data here`);
      }
    }
    if (
      Object.values(model.actions)
        .flat()
        .some((action) => action.startsWith("aws_autoscaling_policy."))
    ) {
      reading.note(resource, "has a scaling policy act, which AWS refuses: it does nothing here");
    }
    return [model];
  });
}

function namesByAddress(resources: readonly Resource[]): ReadonlyMap<string, string> {
  return new Map(resources.map(({ address, body }) => [address, text(body.alarm_name, address)]));
}

/** @returns `undefined` where the rule cannot be read, of which there is a note then */
function readOrNote(
  reading: Reading,
  resource: Resource,
  nameOf: (written: string) => string,
): AlarmRule | undefined {
  try {
    return readRule(text(resource.body.alarm_rule, ""), nameOf);
  } catch (error) {
    if (error instanceof UnreadableRule) {
      reading.note(resource, `has a rule that is not simulated: ${error.message}`);
      return undefined;
    }
    throw error;
  }
}
