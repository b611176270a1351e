import type { Assumed } from "../assumptions";
import type { AlarmState } from "../cloudwatch/model";
import type { Address, HealthCheckModel } from "../model";
import type { Random } from "../time/random";
import type { Clock, Timer } from "../time/timeline";

type Endpoint = Extract<HealthCheckModel, { readonly type: "endpoint" }>;

/** What health checks need of their surroundings. */
export interface HealthCheckSurroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly assumed: Assumed;
  readonly tell: (subject: string, what: string) => void;
  readonly alarm: (region: string, name: string) => AlarmState;
  /** Asks an endpoint, as one checker does. 0: no connection, or no answer in time. */
  readonly ask: (check: Endpoint, done: (status: number) => void) => void;
}

/** How long a checker waits: for the connection, and then for the answer. Source: Route 53 developer guide. */
const ANSWER_WITHIN = 6;

/** One checker of an endpoint: so many results of one kind in a row change its mind. */
interface Checker {
  healthy: boolean;
  inARow: number;
}

/**
 * The health checks of Route 53.
 * Source: Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy".
 */
export class HealthChecks {
  readonly #models = new Map<Address, HealthCheckModel>();
  readonly #checkers = new Map<Address, readonly Checker[]>();
  readonly #lastKnown = new Map<Address, boolean>();
  readonly #timers = new Set<Timer>();

  constructor(
    models: readonly HealthCheckModel[],
    private readonly around: HealthCheckSurroundings,
  ) {
    for (const model of models) {
      this.#models.set(model.address, model);
      if (model.type === "endpoint") {
        this.#begin(model);
      }
    }
  }

  /** A health check that is not known is healthy, as a record without one. */
  isHealthy(address: Address): boolean {
    const model = this.#models.get(address);
    if (model === undefined) {
      return true;
    }
    return this.#finds(model) !== model.inverted;
  }

  close(): void {
    for (const timer of this.#timers) {
      this.around.clock.cancel(timer);
    }
    this.#models.clear();
  }

  #finds(model: HealthCheckModel): boolean {
    switch (model.type) {
      case "endpoint": {
        const checkers = this.#checkers.get(model.address) ?? [];
        const healthy = checkers.filter((checker) => checker.healthy).length;
        return healthy > this.around.assumed.checkerShare * checkers.length;
      }
      case "calculated":
        return model.children.filter((child) => this.isHealthy(child)).length >= model.healthyAt;
      case "alarm":
        return this.#byAlarm(model);
    }
  }

  #byAlarm(model: Extract<HealthCheckModel, { readonly type: "alarm" }>): boolean {
    const state = this.around.alarm(model.region, model.alarm);
    if (state === "INSUFFICIENT_DATA") {
      return model.withoutData === "LastKnownStatus"
        ? (this.#lastKnown.get(model.address) ?? true)
        : model.withoutData === "Healthy";
    }
    this.#lastKnown.set(model.address, state === "OK");
    return state === "OK";
  }

  /** The checkers begin at times of their own within an interval. A new health check is healthy until it is found not to be. */
  #begin(model: Endpoint): void {
    const count = model.checkers ?? this.around.assumed.checkers;
    const checkers = Array.from({ length: count }, () => ({ healthy: true, inARow: 0 }));
    this.#checkers.set(model.address, checkers);
    for (const checker of checkers) {
      this.#later(this.around.random() * model.interval, () => this.#check(model, checker));
    }
  }

  #check(model: Endpoint, checker: Checker): void {
    let answered = false;
    const finish = (status: number) => {
      if (!answered && this.#models.has(model.address)) {
        answered = true;
        this.#record(model, checker, status >= 200 && status < 400);
      }
    };
    this.#later(ANSWER_WITHIN, () => finish(0));
    this.#later(model.interval, () => this.#check(model, checker));
    this.around.ask(model, finish);
  }

  #record(model: Endpoint, checker: Checker, passed: boolean): void {
    checker.inARow = passed === checker.healthy ? 0 : checker.inARow + 1;
    if (checker.inARow < model.failureThreshold) {
      return;
    }
    const before = this.isHealthy(model.address);
    checker.healthy = passed;
    checker.inARow = 0;
    const after = this.isHealthy(model.address);
    if (after !== before) {
      this.around.tell(model.address, after ? "healthy for Route 53" : "unhealthy for Route 53");
    }
  }

  #later(delay: number, action: () => void): void {
    const timer = this.around.clock.after(delay, () => {
      this.#timers.delete(timer);
      action();
    });
    this.#timers.add(timer);
  }
}
