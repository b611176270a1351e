import type { Loaded } from "../../config/load";
import { variantId } from "../../config/plan/variant-id";
import type { Aws } from "../aws-cli";
import { AwsGroup, isActive, type Refresh, type Version } from "./aws-group";
import { type GoodVersion, goodVersions } from "./good-versions";
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

  requireNotOnTheWay(await look(group), variant.groupName);
  await end(group, surroundings);
  const { running, present, good } = await look(group);
  const back = good.find(({ facts }) => differ(facts, present.facts));
  const alarms = await stoppedAlarms(group, place, loaded.deployment.name);
  if (back === undefined) {
    throw new Error(noWayBack(file, place, present, alarms.notOk));
  }
  show(
    `${variant.groupName} is on version ${present.number}. The last good one is version ${back.number}, of ${back.created}, ${back.evidence}${running.has(back.number) ? "; healthy instances still run it" : ""}.`,
  );
  if (differ(factsIn(loaded, region.name, model.name, variant.name), present.facts)) {
    show(`${file} has another image, other arguments or other weights than version ${present.number}.`);
  }

  const { text: restored, unlike, shared } = restore(text, file, place, back.facts, alarms.edits);
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
  for (const line of rolledToo(region.name, shared)) {
    show(line);
  }
  if (!(await ask(`Deploy ${region.name}? It applies all that ${file} then says of it. (yes/no)`))) {
    show("Nothing is changed.");
    return false;
  }
  write(restored);
  return deploy(region.name);
}

/** What there is of a group: what it runs, and which versions before that were good. */
interface Look {
  readonly running: ReadonlySet<number>;
  readonly present: Version & Pick<GoodVersion, "facts">;
  readonly versions: readonly Version[];
  readonly good: readonly GoodVersion[];
  readonly active: Refresh | undefined;
}

async function look(group: AwsGroup): Promise<Look> {
  const state = await group.state();
  const [versions, refreshes] = await Promise.all([group.versions(state.templateId), group.refreshes()]);
  const present = versions.find(({ number }) => number === state.version);
  if (present?.facts === undefined) {
    throw new Error(
      `version ${state.version} of launch template ${state.templateId} is none of this project`,
    );
  }
  return {
    running: state.running,
    present: { ...present, facts: present.facts },
    versions,
    good: goodVersions(state, versions, refreshes),
    active: refreshes.find(isActive),
  };
}

/** @throws Error when an active refresh brings what a good version ran, after another that did not */
function requireNotOnTheWay({ present, versions, good, active }: Look, groupName: string): void {
  const goal = good.find(({ facts }) => !differ(facts, present.facts));
  const left = versions.some(
    ({ number, facts }) =>
      goal !== undefined &&
      number > goal.number &&
      number < present.number &&
      facts !== undefined &&
      differ(facts, present.facts),
  );
  if (goal !== undefined && left && active !== undefined && active.status !== "Cancelling") {
    throw new Error(
      `${groupName} is on the way back already: refresh ${active.id} brings version ${present.number}, which runs what the good version ${goal.number} ran. Wait for its end. To go further back, cancel it first (aws autoscaling cancel-instance-refresh)`,
    );
  }
}

/** Why there is no way back, and what to do instead. */
function noWayBack(
  file: string,
  { model, variant }: Place,
  present: Version,
  notOk: readonly string[],
): string {
  const otherwise = present.number === 1 ? `mend ${file}` : `undo the change of ${file}`;
  const named = notOk.filter((alarm) => model.rollout.alarms.includes(alarm));
  const settings = [
    ...(named.length < notOk.length ? ["with rollout: { stopOnAlarms: false }"] : []),
    ...(named.length > 0 ? [`without ${named.join(", ")} in rollout.alarms`] : []),
  ];
  const alarms =
    notOk.length === 0
      ? ""
      : `. Not OK: ${notOk.join(", ")}. AWS starts no refresh with such an alarm, so deploy ${settings.join(" and ")} under models.${model.name}. Undo that when they are OK`;
  return `${variant.groupName} has no good version before ${present.number} with another image, other arguments or other weights: ${otherwise} by hand, and deploy${alarms}`;
}

/** What the change of the file rolls besides what goes back. */
function rolledToo(region: string, shared: readonly Place[]): readonly string[] {
  const named = (places: readonly Place[]) =>
    places.map((at) => `${at.model.name} ${at.variant.name} in ${at.region.name}`).join(", ");
  const now = shared.filter((at) => at.region.name === region);
  const later = shared.filter((at) => at.region.name !== region);
  return [
    ...(now.length > 0 ? [`The change is also of ${named(now)}: this deploy rolls it too.`] : []),
    ...(later.length > 0 ? [`The change is also of ${named(later)}: the next deploy there rolls it.`] : []),
  ];
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
    notOk,
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
