import type { Loaded } from "../../config/load";
import { variantId } from "../../config/plan/variant-id";
import { type Aws, AwsGroup, isActive, lastGood, type Refresh } from "./aws-group";
import { differ, factsIn, type Place, placeIn, restore } from "./restore";

/** What going back needs of its surroundings. */
export interface Surroundings {
  readonly aws: Aws;
  /** Shows a line to whoever runs it. */
  readonly show: (line: string) => void;
  /** @returns whether the answer is yes */
  readonly ask: (question: string) => Promise<boolean>;
  /** Waits before it looks at a refresh again. */
  readonly pause: () => Promise<void>;
  readonly write: (text: string) => void;
  /** @returns whether the deploy of the region's stack succeeded */
  readonly deploy: (region: string) => boolean;
}

/** The file, and which variant goes back. */
export interface Wanted {
  readonly file: string;
  readonly text: string;
  readonly loaded: Extract<Loaded, { readonly ok: true }>;
  readonly region: string;
  readonly model: string;
  /** May be left out for a model with a single one. */
  readonly variant?: string;
}

/**
 * Takes a variant in a region back to its last good version: cancels an active refresh and waits for its end, shows the
 * change of the file that restores that version's image, arguments and weights, and deploys it on yes.
 *
 * @returns whether it is done
 * @throws Error that says why there is no way back
 */
export async function goBack(wanted: Wanted, surroundings: Surroundings): Promise<boolean> {
  const { file, text, loaded } = wanted;
  const { aws, show, ask, write, deploy } = surroundings;
  const place = placeIn(loaded.deployment.regions, wanted.region, wanted.model, wanted.variant);
  const { region, model, variant } = place;
  const group = new AwsGroup(aws, region.name, variant.groupName);

  await end(group, surroundings);
  const { templateId, version, running } = await group.state();
  const [versions, refreshes] = await Promise.all([group.versions(templateId), group.refreshes()]);
  const present = versions.find(({ number }) => number === version);
  if (present === undefined) {
    throw new Error(`version ${version} of launch template ${templateId} is none of this project`);
  }
  const good = lastGood(version, running, versions, refreshes, ({ facts }) => differ(facts, present.facts));
  if (good === undefined) {
    throw new Error(
      `launch template ${templateId} has no good version before ${version} with another image, other arguments or other weights: undo the change of ${file} by hand, and deploy`,
    );
  }
  show(
    `${variant.groupName} is on version ${version}. The last good one is version ${good.number}, of ${good.created}${running.has(good.number) ? ", which instances still run" : ""}.`,
  );
  if (differ(factsIn(loaded, region.name, model.name, variant.name), present.facts)) {
    show(`${file} has another image, other arguments or other weights than version ${version}.`);
  }

  const alarms = await stoppedAlarms(group, place, loaded.deployment.name);
  const { text: restored, unlike } = restore(text, file, place, good.facts, alarms.edits);
  for (const note of [
    ...alarms.notes,
    ...(unlike.length > 0 ? [`Not restored: ${unlike.join(", ")}.`] : []),
  ]) {
    show(note);
  }
  if (restored !== text) {
    show(`The change of ${file}:`);
    for (const line of changedLines(text, restored)) {
      show(line);
    }
  } else {
    show(`${file} says so already.`);
  }
  if (!(await ask(`Deploy ${region.name}? It applies all that ${file} then says of it. (yes/no)`))) {
    show("Nothing is changed.");
    return false;
  }
  write(restored);
  return deploy(region.name);
}

/** Cancels an active refresh, and waits until it has ended. */
async function end(group: AwsGroup, { show, pause }: Surroundings): Promise<void> {
  const active = await group.cancel();
  if (active === undefined) {
    const [last] = await group.refreshes();
    show(
      last === undefined ? "No refresh is active." : `No refresh is active; the last one: ${stateOf(last)}.`,
    );
    return;
  }
  show(`Refresh ${active.id} is being cancelled.`);
  for (;;) {
    const now = (await group.refreshes()).find(({ id }) => id === active.id);
    if (now === undefined || !isActive(now)) {
      show(`Refresh ${active.id}: ${now === undefined ? "gone" : stateOf(now)}.`);
      return;
    }
    await pause();
  }
}

function stateOf({ status, reason }: Refresh): string {
  return reason === "" ? status : `${status}, ${reason.replace(/\.$/, "")}`;
}

/** AWS starts no refresh with an alarm that is not OK. So these are left out of it. */
async function stoppedAlarms(group: AwsGroup, { model, variant }: Place, deployment: string) {
  const own = variant.refresh.stoppedBy.map((alarm) => `${deployment}.${variantId(model, variant)}.${alarm}`);
  const notOk = await group.notOk([...own, ...model.rollout.alarms]);
  const others = model.rollout.alarms.filter((alarm) => !notOk.includes(alarm));
  const ofModel = ["models", model.name, "rollout"];
  return {
    edits: [
      ...(own.some((alarm) => notOk.includes(alarm))
        ? [{ path: [...ofModel, "stopOnAlarms"], value: false }]
        : []),
      ...(others.length < model.rollout.alarms.length
        ? [{ path: [...ofModel, "alarms"], value: others.length > 0 ? others : undefined }]
        : []),
    ],
    notes:
      notOk.length > 0
        ? [
            `Not OK: ${notOk.join(", ")}. AWS starts no refresh with such an alarm, so this one goes without. Undo the change of rollout when they are OK.`,
          ]
        : [],
  };
}

/** The lines that differ, between those that both texts begin and end with. */
function changedLines(before: string, after: string): readonly string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const longest = longestCommon(old, now);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...longest, [old.length, now.length] as const]) {
    lines.push(...old.slice(i, a).map((line) => `- ${line}`), ...now.slice(j, b).map((line) => `+ ${line}`));
    [i, j] = [a + 1, b + 1];
  }
  return lines;
}

/** Places of the lines of a longest common subsequence, in both. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined) {
        row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  const places: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      places.push([i, j]);
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      i += 1;
    } else {
      j += 1;
    }
  }
  return places;
}
