import { performance } from "node:perf_hooks";
import { Timeline } from "../simulation/time/timeline";

/** Most milliseconds that Node's timers take. */
const LONGEST_WAIT = 2 ** 30;

/** Milliseconds that a timer may be late before the timeline waits for it. */
const TOLERATED = 10;

/**
 * Runs a timeline by the real clock, or faster. Whatever comes from outside, such as a request, goes through
 * {@link Driver.do}: first everything is done whose time has come.
 *
 * While this process gets no processor, time stands still: what is late for that reason is no timeout of the deployment.
 */
export class Driver {
  readonly timeline = new Timeline();
  #speed: number;
  #realBase = performance.now();
  #base = 0;
  #timer: NodeJS.Timeout | undefined;
  #inside = false;
  #holds = 0;
  #heldAt = 0;
  #closed = false;
  /** When the next timer is due, in real milliseconds. */
  #planned = Number.POSITIVE_INFINITY;
  /** What the timer waits for, in seconds of the deployment; not a number where it is to be set anew. */
  #awaited = Number.NaN;

  /** @param speed seconds of the deployment in a second */
  constructor(speed: number) {
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.do(() => {
      this.#awaited = Number.NaN;
      this.#base = this.timeline.now;
      this.#realBase = performance.now();
      this.#speed = speed;
    });
  }

  /** Milliseconds of the real clock for seconds of the deployment; for timers of Node at least 1. */
  real(seconds: number): number {
    return Math.min(LONGEST_WAIT, Math.max(1, (seconds * 1000) / this.#speed));
  }

  /**
   * Lets time stand still until what it returns is called, or for so many real milliseconds: while this program waits for
   * itself, no timeout of the deployment passes.
   */
  hold(most: number): () => void {
    this.#holds += 1;
    if (this.#holds === 1) {
      this.#heldAt = performance.now();
      this.#awaited = Number.NaN;
      clearTimeout(this.#timer);
    }
    let held = true;
    const release = () => {
      clearTimeout(timer);
      if (held) {
        held = false;
        this.#release();
      }
    };
    const timer = setTimeout(release, most);
    return release;
  }

  do<T>(action: () => T): T {
    if (this.#inside || this.#closed) {
      return action();
    }
    this.#advance();
    this.#inside = true;
    try {
      return action();
    } finally {
      this.#inside = false;
      this.#schedule();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  readonly #due = (): void => {
    this.#awaited = Number.NaN;
    this.do(nothing);
  };

  #release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) {
      const held = performance.now() - this.#heldAt;
      this.#realBase += held;
      this.#planned += held;
      if (!this.#inside) {
        this.#schedule();
      }
    }
  }

  /** What is later than planned is not made up for. */
  #advance(): void {
    if (this.#holds > 0) {
      return;
    }
    const late = performance.now() - this.#planned - TOLERATED;
    if (late > 0) {
      this.#realBase += late;
      this.#awaited = Number.NaN;
    }
    this.#inside = true;
    try {
      this.timeline.runUntil(this.#base + ((performance.now() - this.#realBase) / 1000) * this.#speed);
    } finally {
      this.#inside = false;
    }
  }

  /** Most of what is done changes nothing about the next timer, which then stays. */
  #schedule(): void {
    const { next, now } = this.timeline;
    if (next === this.#awaited && !this.#closed) {
      return;
    }
    clearTimeout(this.#timer);
    if (this.#closed || this.#holds > 0) {
      return;
    }
    this.#awaited = next;
    const wait = this.real(next - now);
    this.#planned = performance.now() + wait;
    if (Number.isFinite(next)) {
      this.#timer = setTimeout(this.#due, wait);
    }
  }
}

function nothing(): void {}
