import type { Clock } from "../../simulation/time/timeline";

/** What is given up when it is silent for too long. */
export interface Watched {
  /** When it is given up, in seconds of the deployment, unless something is heard until then. */
  readonly deadline: number;
  /** The deadline has come. */
  silent(): void;
}

/**
 * Watches many things with one timer: a request that is answered in time costs neither a timer nor a place in the
 * timeline. The timer waits for the earliest deadline that was known when it was set. Deadlines only move away, so that
 * it never comes too late.
 */
export class SilenceWatch {
  readonly #watched = new Set<Watched>();
  #due = Number.POSITIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#waitUntil(watched.deadline);
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
  }

  #waitUntil(deadline: number): void {
    if (deadline < this.#due) {
      this.#due = deadline;
      this.clock.after(deadline - this.clock.now, this.#look);
    }
  }

  readonly #look = (): void => {
    if (this.clock.now < this.#due) {
      // A timer that an earlier one has taken the place of.
      return;
    }
    this.#due = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const watched of this.#watched) {
      if (watched.deadline <= this.clock.now) {
        this.#watched.delete(watched);
        watched.silent();
      } else {
        next = Math.min(next, watched.deadline);
      }
    }
    this.#waitUntil(next);
  };
}
