import { type Assumed, assume } from "../simulation/assumptions";
import type { AutoScalingGroup } from "../simulation/auto-scaling/group";
import type { Instance } from "../simulation/auto-scaling/instance";
import { loadTimeOf } from "../simulation/auto-scaling/load-time";
import { Deployment } from "../simulation/deployment";
import type { LoadBalancer } from "../simulation/load-balancer/load-balancer";
import type { DeploymentModel, TargetGroupModel } from "../simulation/model";
import type { Region } from "../simulation/region";
import type { Answer } from "../simulation/route53/answers";
import { type Random, randomFrom } from "../simulation/time/random";
import { ask } from "./ask";
import { Driver } from "./driver";
import type { Endpoint } from "./endpoints";
import { EventLog } from "./events";
import { Fronts } from "./fronts";
import { type Listen, listenHere } from "./listen";
import { TargetConnections } from "./load-balancer/connections";
import type { Way } from "./load-balancer/serve";
import { SilenceWatch } from "./load-balancer/silence";
import { StandInIssuer } from "./load-balancer/stand-in-issuer";
import type { Passing, RegionSurroundings } from "./load-balancer/surroundings";
import { remoteKeySet, Tokens } from "./load-balancer/tokens";
import type { Belonging, LocalMachines, MachineSurroundings } from "./machine";
import type { AnyServer } from "./model-server/any-server";
import { type ServerFacts, serverFacts } from "./model-server/facts";
import { portOf } from "./model-server/port";
import { ProcessServer } from "./model-server/process";
import { ModelServer } from "./model-server/server";
import { Network } from "./network";
import type { Options } from "./options";
import { probe } from "./probe";
import { ProcessMachines } from "./process-machines";
import { LateAuthority } from "./tls/late-authority";

/** Real milliseconds after which a health check is dropped. The simulation gives up on it by its own time. */
const LONGEST_CHECK = 5000;

/** Real milliseconds for which time stands still for a health check of Route 53, which may itself wait for something. */
const LONGEST_HOLD = 500;

/** Seconds after which an instance looks again whether its model answers. Source: boot/lifecycle.sh. */
const POLL = 5;

/** The same at the beginning, when nobody should wait. */
const FIRST_POLL = 0.1;

const MINUTE = 60;

/** How long everything may take to serve for the first time, in real milliseconds. */
const PATIENCE = 60_000;

/** What a run may have in place of its own. */
export interface Instead {
  /** Makes the model server of each instance, where it is neither a stand-in nor a command. */
  readonly server?: (facts: ServerFacts, instance: Instance) => AnyServer;
  /** Makes machines that are no processes. */
  readonly machines?: (around: MachineSurroundings) => LocalMachines;
  /** Opens ports that are not those of this process's network. */
  readonly listen?: Listen;
  /** What is known of such machines, and need not be assumed. */
  readonly assumed?: Partial<Assumed>;
  /** Real milliseconds that everything may take to serve for the first time. */
  readonly patience?: number;
}

/** A deployment that runs on this machine: real requests, and the rules of AWS from the simulation. */
export class LocalRun {
  readonly driver: Driver;
  readonly network = new Network();
  readonly events: EventLog;
  readonly machines: LocalMachines;
  readonly deployment: Deployment;
  readonly exchanges = new Set<Passing>();
  readonly authority = new LateAuthority();
  readonly #silence: SilenceWatch;
  readonly #surroundings = new WeakMap<LoadBalancer, RegionSurroundings>();
  readonly #random: Random;
  readonly #assumed: { -readonly [Name in keyof Assumed]: Assumed[Name] };
  readonly #connections = new Map<string, TargetConnections>();
  readonly #fronts: Fronts;
  readonly issuer = new StandInIssuer();
  readonly #tokens = new Tokens((endpoint) => this.issuer.beside(remoteKeySet(endpoint)));
  #starting = true;
  #ids = 0;
  #resolved:
    | { readonly name: string; readonly until: number; readonly answer: Answer | undefined }
    | undefined;

  constructor(
    model: DeploymentModel,
    private readonly options: Options,
    private readonly instead: Instead = {},
  ) {
    this.#random = randomFrom(options.seed);
    this.driver = new Driver(1);
    const clock = this.driver.timeline;
    this.events = new EventLog(clock);
    this.#silence = new SilenceWatch(clock);
    // What serves at the beginning has been launched before.
    this.#assumed = { ...assume(), launch: 0, registration: 0 };
    this.#fronts = new Fronts(
      options.port + 1,
      this.authority,
      (endpoint) => this.#wayTo(endpoint),
      instead.listen ?? listenHere,
    );
    const around: MachineSurroundings = {
      driver: this.driver,
      belongingOf: (instance) => this.#belongingOf(instance),
      complete: (instance, result) => this.groupOf(instance.id)?.complete(instance.id, result),
      tell: (subject, what) => this.events.tell("", subject, what),
    };
    this.machines =
      instead.machines?.(around) ??
      new ProcessMachines({
        ...around,
        serverOf: (instance, belonging) => this.#serverOf(instance, belonging),
        loadTime: (instance) => (this.#starting ? 0 : this.#loadTime(instance)),
        poll: () => (this.#starting ? FIRST_POLL : POLL),
        patience: () => (this.#starting ? PATIENCE : 0),
      });
    this.deployment = new Deployment(model, {
      clock,
      random: this.#random,
      assumed: this.#assumed,
      startedAt: Math.floor(Date.now() / 1000),
      machines: this.machines,
      capacity: this.network,
      probe: ({ targetGroup, instance, node }, done) => {
        const machine = this.machines.get(instance);
        const { timeout } = targetGroup.healthCheck;
        const reaches = machine !== undefined && this.network.reaches(node.zone, machine.instance.zone);
        if (!machine || machine.silent || !reaches) {
          return;
        }
        const release = machine.server.isResponsive ? this.driver.hold(LONGEST_CHECK) : undefined;
        const patience = LONGEST_CHECK + this.driver.real(timeout);
        const checked = machine.listening.then(() => probe(machine.server, targetGroup, patience));
        void checked.then((status) => {
          release?.();
          // A stand-in that is well answers what the check wants.
          const isPlain = targetGroup.protocolVersion !== "GRPC" && !machine.server.loadsItself;
          const [wanted = 200] = isPlain ? (targetGroup.healthCheck.statuses[0] ?? []) : [];
          this.driver.do(() => done(isPlain && status === 200 ? wanted : status));
        });
      },
      cut: (targetGroup, target) => {
        for (const exchange of this.exchanges) {
          if (exchange.instance === target.instance && exchange.targetGroup === targetGroup) {
            exchange.cut();
          }
        }
      },
      nextId: () => {
        this.#ids += 1;
        return `i-${this.#ids}`;
      },
      tell: (region, subject, what) => this.events.tell(region, subject, what),
      ask: ({ host, path, port }, done) => {
        const endpoint = this.endpoints.find(
          (each) => each.names.includes(host) && each.listenerPort === port,
        );
        if (endpoint === undefined || this.network.cutRegions.has(endpoint.region)) {
          return;
        }
        const release = this.driver.hold(LONGEST_HOLD);
        // Route 53 checks no certificate, and knows TLS up to 1.2. Source: Route 53 developer guide, "Health checks".
        const tls = endpoint.tls && { maxVersion: "TLSv1.2" as const, servername: host };
        void ask(endpoint.port, path, { timeout: LONGEST_CHECK, headers: { host }, tls }).then(
          ({ status }) => {
            release();
            this.driver.do(() => done(status));
          },
        );
      },
      // AWS publishes no latencies: all regions but one are equally far.
      distance: (from, region) => (from === region ? 0 : 1),
    });
  }

  /** The port of the commands. */
  get port(): number {
    return this.options.port;
  }

  get endpoints(): readonly Endpoint[] {
    return this.#fronts.endpoints;
  }

  /** Each instance in service reports how many requests wait there, once a minute, as its agent does. */
  #report(): void {
    for (const { instance, facts, server, silent } of this.machines.all) {
      const group = this.groupOf(instance.id);
      const region = group && this.regionOf(group);
      if (region !== undefined && instance.state === "InService" && !silent && server.waiting !== undefined) {
        const of = { AutoScalingGroupName: instance.group };
        region.metrics.series(facts.metrics.waiting, of).add(server.waiting);
      }
    }
    this.driver.timeline.after(MINUTE, () => this.#report());
  }

  /** Opens all ports, and waits until every instance serves. */
  async start(): Promise<void> {
    await this.#fronts.open(this.deployment.model);
    const until = Date.now() + (this.instead.patience ?? PATIENCE);
    while (!this.#serves() && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      this.driver.do(() => undefined);
    }
    this.#starting = false;
    this.driver.timeline.after(MINUTE - 1 - (this.driver.timeline.now % MINUTE), () => this.#report());
    Object.assign(this.#assumed, assume(this.instead.assumed));
    this.driver.speed = this.options.speed;
    this.#fronts.keepAlive(this.driver.real(3600));
  }

  /** Takes another model, as a deploy does. */
  async follow(model: DeploymentModel): Promise<void> {
    this.driver.do(() => this.deployment.follow(model));
    this.#resolved = undefined;
    await this.#fronts.open(model);
  }

  groupOf(instance: string): AutoScalingGroup | undefined {
    for (const region of this.deployment.regions.values()) {
      const group = region.groupOf(instance);
      if (group !== undefined) {
        return group;
      }
    }
    return undefined;
  }

  /** What is cut off no longer passes on what comes from its instances. */
  wires(): void {
    for (const exchange of this.exchanges) {
      const [node, target] = exchange.zones;
      exchange.stall(!this.network.reaches(node, target) || !this.network.isOpen(node));
    }
    this.machines.wires(this.network);
  }

  close(): void {
    this.driver.close();
    this.#fronts.close();
    for (const connections of this.#connections.values()) {
      connections.destroy();
    }
    this.machines.close();
    this.authority.close();
  }

  #wayTo(endpoint: Endpoint): Way | undefined {
    if (endpoint.region !== "") {
      return this.#wayInto(endpoint.region, endpoint.loadBalancer, endpoint.listenerPort, endpoint.names[0]);
    }
    return this.driver.do(() => this.#resolve(endpoint));
  }

  /** A client keeps an answer for its time to live. */
  #resolve({ names: [name = ""], listenerPort }: Endpoint): Way | undefined {
    const { now } = this.driver.timeline;
    if (this.#resolved === undefined || this.#resolved.name !== name || this.#resolved.until <= now) {
      const from = this.options.from ?? this.deployment.model.regions[0]?.name ?? "";
      const answer = this.deployment.answer(name, from);
      this.#resolved = { name, until: now + this.#assumed.loadBalancerTtl, answer };
    }
    const { answer } = this.#resolved;
    return answer && this.#wayInto(answer.region, answer.loadBalancer, listenerPort, name);
  }

  #wayInto(name: string, address: string, port: number, host = "localhost"): Way | undefined {
    const region = this.deployment.regions.get(name);
    const loadBalancer = region?.loadBalancers.get(address);
    const listener = loadBalancer?.model.listeners.find((each) => each.port === port);
    if (region === undefined || loadBalancer === undefined || listener === undefined) {
      return undefined;
    }
    return this.network.cutRegions.has(name)
      ? undefined
      : { around: this.#around(region, loadBalancer), loadBalancer, listener, host };
  }

  #around(region: Region, loadBalancer: LoadBalancer): RegionSurroundings {
    const known = this.#surroundings.get(loadBalancer);
    if (known !== undefined) {
      return known;
    }
    const made: RegionSurroundings = {
      driver: this.driver,
      random: this.#random,
      network: this.network,
      get loadBalancer() {
        return loadBalancer.model;
      },
      connectTimeout: this.#assumed.connectTimeout,
      exchanges: this.exchanges,
      silence: this.#silence,
      machineOf: (instance) => this.machines.get(instance),
      connectionsTo: (instance, targetGroup) =>
        this.#connectionsTo(instance, targetGroup, loadBalancer.model.idleTimeout),
      tokens: this.#tokens,
      failed: (status) => loadBalancer.failed(status),
      ended: (outcome) => {
        // Health checkers of Route 53 come before there are targets.
        if (!this.#starting) {
          this.events.ended({ ...outcome, region: region.name, at: this.driver.timeline.now });
        }
      },
    };
    this.#surroundings.set(loadBalancer, made);
    return made;
  }

  /** A load balancer closes a connection to a target that was idle for its timeout. */
  #connectionsTo(instance: string, { protocol }: TargetGroupModel, idleTimeout: number): TargetConnections {
    const key = `${protocol} ${instance}`;
    const known = this.#connections.get(key);
    if (known !== undefined) {
      return known;
    }
    const scheme = protocol === "HTTPS" ? "https" : "http";
    const connections = new TargetConnections(scheme, this.driver.real(idleTimeout));
    this.#connections.set(key, connections);
    return connections;
  }

  #belongingOf(instance: Instance): Belonging {
    const group = this.groupOf(instance.id);
    const region = group && this.regionOf(group);
    if (group === undefined || region === undefined) {
      throw new Error(`${instance.id} is in no group`);
    }
    const [targetGroup] = group.model.targetGroups.flatMap(
      (address) => region.targetGroups.get(address)?.model ?? [],
    );
    return { group, region, facts: serverFacts(group.model), targetGroup };
  }

  #serverOf(instance: Instance, { facts, targetGroup }: Belonging): AnyServer {
    const told = (line: string) => this.driver.do(() => this.events.tell("", instance.id, line));
    const { server: ordered, pace } = this.options;
    return (
      this.instead.server?.(facts, instance) ??
      (ordered === undefined
        ? new ModelServer(facts, pace, this.driver, portOf(targetGroup, this.authority))
        : new ProcessServer(ordered, told))
    );
  }

  regionOf(group: AutoScalingGroup): Region | undefined {
    return [...this.deployment.regions.values()].find((region) =>
      [...region.groups.values()].includes(group),
    );
  }

  #loadTime(instance: Instance): number {
    const group = this.groupOf(instance.id);
    return group === undefined ? 0 : loadTimeOf(group.model, this.#assumed);
  }

  /** Whether all instances serve, and all nodes find them healthy. */
  #serves(): boolean {
    for (const region of this.deployment.regions.values()) {
      for (const group of region.groups.values()) {
        if (group.inService < group.desired) {
          return false;
        }
      }
      for (const targetGroup of region.targetGroups.values()) {
        if (!targetGroup.isWhollyHealthy) {
          return false;
        }
      }
    }
    return true;
  }
}
