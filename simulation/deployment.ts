import type { DeploymentModel } from "./model";
import { Region, type World } from "./region";
import { type Answer, answerFor } from "./route53/answers";
import { type HealthCheckSurroundings, HealthChecks } from "./route53/health-checks";

/** What a deployment needs beside the world of its regions. */
export interface DeploymentWorld extends World {
  readonly ask: HealthCheckSurroundings["ask"];
  /** A number that is the larger, the longer the way from a client to a region. */
  readonly distance: (from: string, region: string) => number;
}

/** A deployment at work: its regions, and Route 53 before them. */
export class Deployment {
  readonly regions = new Map<string, Region>();
  #healthChecks: HealthChecks;

  constructor(
    public model: DeploymentModel,
    private readonly world: DeploymentWorld,
  ) {
    for (const region of model.regions) {
      this.regions.set(region.name, new Region(region, world));
    }
    this.#healthChecks = this.#checks(model);
  }

  /** Takes another model, as a deploy does: a region is changed in place, and health checks are made anew where they differ. */
  follow(model: DeploymentModel): void {
    const before = JSON.stringify(this.model.healthChecks);
    this.model = model;
    for (const region of model.regions) {
      const known = this.regions.get(region.name);
      if (known === undefined) {
        this.regions.set(region.name, new Region(region, this.world));
      } else {
        known.follow(region);
      }
    }
    if (JSON.stringify(model.healthChecks) !== before) {
      this.#healthChecks.close();
      this.#healthChecks = this.#checks(model);
    }
  }

  /** What Route 53 answers a client near a region with; `undefined` where it has no such name. */
  answer(name: string, from: string): Answer | undefined {
    return answerFor(name, from, this.model.records, {
      ...this.world,
      isHealthy: (address) => this.#healthChecks.isHealthy(address),
      loadBalancerIsHealthy: ({ region, loadBalancer }) =>
        this.regions.get(region)?.loadBalancers.get(loadBalancer)?.isHealthy ?? false,
    });
  }

  isHealthy(healthCheck: string): boolean {
    return this.#healthChecks.isHealthy(healthCheck);
  }

  #checks({ healthChecks }: DeploymentModel): HealthChecks {
    return new HealthChecks(healthChecks, {
      ...this.world,
      tell: (subject, what) => this.world.tell("global", subject, what),
      alarm: (region, name) => this.regions.get(region)?.alarms.stateOf(name) ?? "INSUFFICIENT_DATA",
    });
  }
}
