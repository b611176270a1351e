import type { Clock } from "../simulation/time/timeline";
import type { Outcome } from "./load-balancer/outcome";

/** Something that happened, in words. */
export interface Event {
  /** Seconds of the deployment. */
  readonly at: number;
  readonly region: string;
  readonly subject: string;
  readonly what: string;
}

/** How many events and outcomes are kept. */
const KEPT = 10_000;

/** What happens in a run, and how its requests end. */
export class EventLog {
  readonly events: Event[] = [];
  /** Requests by how they ended: `200`, `502 the connection was refused`. */
  readonly counts = new Map<string, number>();
  readonly #outcomes = new Map<string, Outcome>();
  readonly #listeners = new Set<(event: Event) => void>();

  constructor(private readonly clock: Clock) {}

  tell(region: string, subject: string, what: string): void {
    const event = { at: this.clock.now, region, subject, what };
    this.events.push(event);
    if (this.events.length > 2 * KEPT) {
      this.events.splice(0, KEPT);
    }
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  /** @returns what ends it */
  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ended(outcome: Outcome): void {
    const key =
      outcome.failure === undefined ? String(outcome.status) : `${outcome.status} ${outcome.failure}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.#outcomes.set(outcome.trace, outcome);
    if (this.#outcomes.size > KEPT) {
      const [oldest] = this.#outcomes.keys();
      this.#outcomes.delete(oldest as string);
    }
  }

  /** How a request ended, by the root of its trace. */
  outcome(trace: string): Outcome | undefined {
    return this.#outcomes.get(trace);
  }
}
