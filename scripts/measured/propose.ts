import { formatPath } from "../../config/diagnostics/diagnostic";
import { count } from "../../config/diagnostics/text";
import type { Loaded } from "../../config/load";
import { instanceSetting } from "../../config/plan/overrides";
import { formatDuration } from "../../config/units";
import { type Aws, saidOf } from "../aws-cli";
import type { Edit } from "../back/edit-yaml";
import { boots, DAYS, type Minute, minutes } from "./read";

/** What was measured, in lines for people, and the edits of serving.yaml that follow from it. */
export interface Proposal {
  readonly lines: readonly string[];
  readonly edits: readonly Edit[];
}

/** Estimates and proposals of times are rounded up to this, in seconds. */
const STEP = 30;

/** So many minutes in which requests waited are enough to tell what an instance serves. */
const ENOUGH_MINUTES = 5;

/** A written load time of more than so many times the measured one has a failed start noticed late. */
const TOO_LONG = 1.5;

/** So many starts are enough to write less than there is. */
const ENOUGH_STARTS = 5;

/** What one variant in one region was seen to do. */
interface Seen {
  readonly model: string;
  readonly where: string;
  readonly capacityPath: Edit["path"];
  readonly written: { readonly loadTime?: number; readonly requests?: number };
  readonly boots: readonly number[];
  readonly minutes: readonly Minute[];
}

/** Reads what instances of a deployment that runs have shown, and says what to write. */
export async function propose(
  loaded: Extract<Loaded, { readonly ok: true }>,
  { aws, now }: { readonly aws: Aws; readonly now: number },
): Promise<Proposal> {
  const { seen, lines } = await look(loaded, aws, now);
  const times = byKey(seen, ({ model }) => model).map(loadTimeOf);
  const requests = byKey(seen, ({ capacityPath }) => formatPath(capacityPath)).map(requestsOf);
  const found = [...times, ...requests];
  return {
    lines: [...lines, ...found.map(({ line }) => line)],
    edits: found.flatMap(({ edit }) => edit ?? []),
  };
}

async function look(
  { file, deployment }: Extract<Loaded, { readonly ok: true }>,
  aws: Aws,
  now: number,
): Promise<{ readonly seen: readonly Seen[]; readonly lines: readonly string[] }> {
  const seen: Seen[] = [];
  const lines: string[] = [];
  for (const region of deployment.regions) {
    for (const model of region.models) {
      for (const variant of model.variants) {
        const where = `${variant.name} of ${model.name} in ${region.name}`;
        if (region.observability === undefined) {
          lines.push(`${where}: nothing is measured with observability: false`);
          continue;
        }
        const of = {
          region: region.name,
          ...variant,
          namespace: region.observability.namespace,
          waiting: model.metrics?.waiting,
        };
        try {
          seen.push({
            model: model.name,
            where,
            capacityPath: instanceSetting(file, region.name, model.name, variant.name, "capacity").path.map(
              (step) => (typeof step === "number" ? step : String(step)),
            ),
            written: {
              loadTime: file.models[model.name]?.loadTime,
              requests: variant.settings.capacity?.requestsPerMinutePerInstance,
            },
            boots: await boots(aws, of, now),
            minutes: await minutes(aws, of, now),
          });
        } catch (failure) {
          const said = saidOf(failure as Error);
          // It is not deployed yet, or was not when the first of its parts was read.
          if (!/ResourceNotFound|TargetGroupNotFound/.test(said)) {
            throw failure;
          }
          lines.push(`${where}: is not deployed`);
        }
      }
    }
  }
  return { seen, lines };
}

interface Found {
  readonly line: string;
  readonly edit?: Edit;
}

/** The load time of a model: no less than the longest boot of its variants in all regions. */
function loadTimeOf(seen: readonly Seen[]): Found {
  const [{ model, written }] = seen as [Seen];
  const all = seen.flatMap((each) => each.boots);
  const path = ["models", model, "loadTime"];
  const name = formatPath(path);
  if (all.length === 0) {
    return { line: `${name}: no instance started in ${DAYS} days` };
  }
  const longest = Math.max(...all);
  const value = Math.ceil(longest / STEP) * STEP;
  const saw = `the longest of ${count(all.length, "start")} took ${formatDuration(longest)}`;
  const { loadTime } = written;
  const stands =
    loadTime !== undefined &&
    loadTime >= longest &&
    (loadTime <= TOO_LONG * value || all.length < ENOUGH_STARTS);
  return stands
    ? { line: `${name}: ${formatDuration(loadTime)} stands; ${saw}` }
    : {
        line: `${name}: ${loadTime === undefined ? "not written" : formatDuration(loadTime)} → ${formatDuration(value)}; ${saw}`,
        edit: { path, value: formatDuration(value) },
      };
}

/**
 * What an instance serves: the middle of the minutes in which requests waited, as servers are full then. Without enough of
 * them only that it is no less than the most of any minute.
 */
function requestsOf(seen: readonly Seen[]): Found {
  const [{ capacityPath, written }] = seen as [Seen];
  const path = [...capacityPath, "requestsPerMinutePerInstance"];
  const name = formatPath(path);
  const all = seen.flatMap((each) => each.minutes);
  const full = all.filter(({ waiting = 0 }) => waiting > 0).map(({ requests }) => requests);
  const calm = all.filter(({ waiting }) => waiting === 0).map(({ requests }) => requests);
  const { requests } = written;
  const now = requests === undefined ? "not written" : String(requests);
  if (full.length >= ENOUGH_MINUTES) {
    const value = Math.max(1, Math.floor(middle(full)));
    return changed(
      `the middle of ${count(full.length, "minute")} in which requests waited`,
      value === requests ? undefined : value,
    );
  }
  if (calm.length === 0) {
    return {
      line: `${name}: ${now}; ${all.length === 0 ? "no requests" : "no waiting requests counted"} in ${DAYS} days`,
    };
  }
  const most = Math.floor(Math.max(...calm));
  return changed(
    `up to ${most} in a minute without one that waited, and it may serve more: send it more to see`,
    requests !== undefined && most > requests ? most : undefined,
  );

  function changed(saw: string, value: number | undefined): Found {
    return value === undefined
      ? { line: `${name}: ${now} stands; ${saw}` }
      : { line: `${name}: ${now} → ${value}; ${saw}`, edit: { path, value } };
  }
}

function middle(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  return [...new Set(items.map(keyOf))].map((key) => items.filter((item) => keyOf(item) === key));
}
