/** What is done when its time has come. The number is the one that was given with it. */
export type Action = (argument: number) => void;

/** Names something that is to be done, to cancel it. Never 0. */
export type Timer = number;

/** Where everything in a simulation asks for the time, and for something to be done later. */
export interface Clock {
  /** Seconds since the beginning. */
  readonly now: number;
  /** @param delay seconds from now; less than 0 is 0 */
  after(delay: number, action: Action, argument?: number): Timer;
  /** Something that is done already, or cancelled, is left alone. */
  cancel(timer: Timer): void;
}

const SLOTS = 2 ** 24;

/**
 * A virtual clock: a heap of what is to be done, by time, and in the order in which it was asked for when the times are
 * equal. Once its arrays have grown it allocates nothing.
 */
export class Timeline implements Clock {
  #now = 0;
  #order = 0;
  #length = 0;
  #times = new Float64Array(64);
  #orders = new Float64Array(64);
  #heap = new Int32Array(64);
  readonly #actions: (Action | undefined)[] = [];
  readonly #arguments: number[] = [];
  readonly #generations: number[] = [];
  readonly #free: number[] = [];

  get now(): number {
    return this.#now;
  }

  /** When the next thing is to be done; infinity if there is none. */
  get next(): number {
    this.#dropCancelled();
    return this.#length === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  after(delay: number, action: Action, argument = 0): Timer {
    const slot = this.#free.pop() ?? this.#actions.length;
    this.#actions[slot] = action;
    this.#arguments[slot] = argument;
    const generation = (this.#generations[slot] ?? 0) + 1;
    this.#generations[slot] = generation;
    this.#push(this.#now + Math.max(0, delay), slot);
    return generation * SLOTS + slot;
  }

  cancel(timer: Timer): void {
    const slot = timer % SLOTS;
    if (this.#generations[slot] === Math.floor(timer / SLOTS)) {
      this.#actions[slot] = undefined;
    }
  }

  /** Does everything up to a time, and sets the clock to it. What is asked for meanwhile is done too, if its time has come. */
  runUntil(time: number): void {
    while (this.next <= time) {
      this.#now = this.#times[0] as number;
      this.#takeFirst();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Does everything for a number of seconds. */
  run(seconds: number): void {
    this.runUntil(this.#now + seconds);
  }

  #takeFirst(): void {
    const slot = this.#heap[0] as number;
    const action = this.#actions[slot];
    this.#pop();
    this.#actions[slot] = undefined;
    // A timer that is done is no longer known by its number.
    this.#generations[slot] = (this.#generations[slot] ?? 0) + 1;
    this.#free.push(slot);
    action?.(this.#arguments[slot] as number);
  }

  #dropCancelled(): void {
    while (this.#length > 0 && this.#actions[this.#heap[0] as number] === undefined) {
      this.#takeFirst();
    }
  }

  #push(time: number, slot: number): void {
    if (this.#length === this.#heap.length) {
      this.#grow();
    }
    this.#order += 1;
    const order = this.#order;
    let at = this.#length;
    this.#length += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      // Of equal times the earlier asked for comes first, and the new one is the last asked for.
      if ((this.#times[parent] as number) <= time) {
        break;
      }
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, time, order, slot);
  }

  #pop(): void {
    this.#length -= 1;
    const last = this.#length;
    const [time, order, slot] = [this.#times[last], this.#orders[last], this.#heap[last]] as [
      number,
      number,
      number,
    ];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) {
        break;
      }
      if (child + 1 < last && this.#isBefore(child + 1, child)) {
        child += 1;
      }
      const childTime = this.#times[child] as number;
      if (time < childTime || (time === childTime && order < (this.#orders[child] as number))) {
        break;
      }
      this.#move(child, at);
      at = child;
    }
    this.#set(at, time, order, slot);
  }

  #isBefore(a: number, b: number): boolean {
    const [timeA, timeB] = [this.#times[a] as number, this.#times[b] as number];
    return timeA < timeB || (timeA === timeB && (this.#orders[a] as number) < (this.#orders[b] as number));
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#times[from] as number, this.#orders[from] as number, this.#heap[from] as number);
  }

  #set(at: number, time: number, order: number, slot: number): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#heap[at] = slot;
  }

  #grow(): void {
    const wider = <T extends Float64Array | Int32Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    const size = 2 * this.#heap.length;
    this.#times = wider(this.#times, new Float64Array(size));
    this.#orders = wider(this.#orders, new Float64Array(size));
    this.#heap = wider(this.#heap, new Int32Array(size));
  }
}
