import type { Clock } from "../time/timeline";
import type { Statistic } from "./model";

/** Minutes that are kept of a series: as many as the longest look back of an alarm. */
const KEPT = 64;
const PERIOD = 60;
const FIELDS = 4;

/** What CloudWatch keeps of a metric: sum, number, least and most of each minute. Adding a value allocates nothing. */
export class Series {
  readonly #minutes = new Float64Array(KEPT).fill(-1);
  readonly #values = new Float64Array(KEPT * FIELDS);

  constructor(private readonly clock: Clock) {}

  add(value: number): void {
    const minute = Math.floor(this.clock.now / PERIOD);
    const slot = minute % KEPT;
    const at = slot * FIELDS;
    const values = this.#values;
    if (this.#minutes[slot] !== minute) {
      this.#minutes[slot] = minute;
      values[at] = 0;
      values[at + 1] = 0;
      values[at + 2] = Number.POSITIVE_INFINITY;
      values[at + 3] = Number.NEGATIVE_INFINITY;
    }
    values[at] = (values[at] as number) + value;
    values[at + 1] = (values[at + 1] as number) + 1;
    values[at + 2] = Math.min(values[at + 2] as number, value);
    values[at + 3] = Math.max(values[at + 3] as number, value);
  }

  /**
   * @param from the first minute, counted from the beginning
   * @param minutes of the period
   * @returns `undefined` where there was no value
   */
  statistic(statistic: Statistic, from: number, minutes: number): number | undefined {
    let [sum, count, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let minute = Math.max(0, from); minute < from + minutes; minute += 1) {
      const slot = minute % KEPT;
      if (this.#minutes[slot] === minute) {
        const at = slot * FIELDS;
        sum += this.#values[at] as number;
        count += this.#values[at + 1] as number;
        least = Math.min(least, this.#values[at + 2] as number);
        most = Math.max(most, this.#values[at + 3] as number);
      }
    }
    if (count === 0) {
      return undefined;
    }
    switch (statistic) {
      case "Sum":
        return sum;
      case "SampleCount":
        return count;
      case "Average":
        return sum / count;
      case "Minimum":
        return least;
      case "Maximum":
        return most;
    }
  }
}

/** The metrics of a region, by name and by what they are of. Ask for a series once, and keep it. */
export class Metrics {
  readonly #series = new Map<string, Series>();

  constructor(private readonly clock: Clock) {}

  series(name: string, dimensions: Readonly<Record<string, string>>): Series {
    const key = keyOf(name, dimensions);
    const known = this.#series.get(key) ?? new Series(this.clock);
    this.#series.set(key, known);
    return known;
  }
}

function keyOf(name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
