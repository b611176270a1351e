import type { AutoScalingGroup } from "../simulation/auto-scaling/group";
import type { Instance } from "../simulation/auto-scaling/instance";
import type { TargetGroupModel } from "../simulation/model";
import { NO_ANSWER } from "../simulation/targets/health";
import { ask } from "./ask";
import type { Driver } from "./driver";
import type { Belonging, LocalMachines, Machine, MachineSurroundings } from "./machine";
import type { AnyServer } from "./model-server/any-server";
import type { ServerFacts } from "./model-server/facts";
import { probe } from "./probe";

/** Real milliseconds that an instance waits for an answer of its own server. */
const ANSWER_WITHIN = 60_000;

/** Seconds before its end at which a Spot instance stops its server. Source: boot/spot.sh, STOP_BEFORE. */
const STOP_BEFORE = 30;

/** Real milliseconds until a server that loads is asked again. */
const LOOK_AGAIN = 50;

/** What machines that are processes need of their surroundings, beside what all do. */
export interface ProcessSurroundings extends MachineSurroundings {
  readonly serverOf: (instance: Instance, belonging: Belonging) => AnyServer;
  /** Seconds until the model of a stand-in is loaded. */
  readonly loadTime: (instance: Instance) => number;
  /** Seconds until an instance looks again whether its model answers. */
  readonly poll: () => number;
  /** Real milliseconds for which time may stand still while a server loads its model. */
  readonly patience: () => number;
}

/** A model server in place of a machine. */
class ProcessMachine implements Machine {
  silent = false;
  listening: Promise<void> = Promise.resolve();

  constructor(
    readonly instance: Instance,
    readonly facts: ServerFacts,
    readonly targetGroup: TargetGroupModel | undefined,
    readonly server: AnyServer,
    private readonly driver: Driver,
  ) {}

  die(): void {
    this.server.kill();
  }

  vanish(): void {
    this.silent = true;
    this.server.hang();
  }

  hang(): void {
    this.server.hang();
  }

  slow(times: number): boolean {
    return this.server.slow(times);
  }

  /** What boot/spot.sh does: no new requests, unless it is the only healthy one, and the server stops before the end. */
  noticed(group: AutoScalingGroup, seconds: number): void {
    if (group.inService > 1) {
      group.deregister(this.instance.id);
    }
    this.driver.timeline.after(seconds - STOP_BEFORE, () => this.server.stop(() => undefined));
  }
}

/** The machines of all instances, on this one: each has a model server. */
export class ProcessMachines implements LocalMachines {
  readonly #machines = new Map<string, ProcessMachine>();

  constructor(private readonly around: ProcessSurroundings) {}

  get(instance: string): ProcessMachine | undefined {
    return this.#machines.get(instance);
  }

  get all(): IterableIterator<ProcessMachine> {
    return this.#machines.values();
  }

  start(instance: Instance): void {
    if (this.#machines.has(instance.id)) {
      // It ran in its warm pool.
      this.#enterWhenReady(instance);
      return;
    }
    const { driver, tell, belongingOf, serverOf } = this.around;
    const belonging = belongingOf(instance);
    const server = serverOf(instance, belonging);
    const machine = new ProcessMachine(instance, belonging.facts, belonging.targetGroup, server, driver);
    this.#machines.set(instance.id, machine);
    const loaded = () => {
      machine.server.loaded();
      this.#enterWhenReady(instance);
    };
    machine.listening = this.#listen(machine).then(
      () =>
        driver.do(() => {
          const load = machine.server.loadsItself ? 0 : this.around.loadTime(instance);
          if (load === 0) {
            loaded();
          } else {
            driver.timeline.after(load, loaded);
          }
        }),
      (error: Error) => tell(instance.id, `its server cannot listen: ${error.message}`),
    );
  }

  stop({ id }: Instance): void {
    this.#machines.get(id)?.server.kill();
    this.#machines.delete(id);
  }

  leave(instance: Instance): void {
    const machine = this.#machines.get(instance.id);
    if (machine === undefined || machine.silent) {
      // A dead machine completes nothing: the hook times out.
      return;
    }
    if (instance.returns) {
      // Source: boot/lifecycle.sh. Its server runs on.
      this.around.complete(instance, "CONTINUE");
      return;
    }
    machine.server.stop(() => this.around.driver.do(() => this.around.complete(instance, "CONTINUE")));
  }

  end(instance: Instance): void {
    this.stop(instance);
  }

  /** The load balancer itself does not pass on what is cut off. */
  wires(): void {}

  close(): void {
    for (const { server } of this.#machines.values()) {
      server.kill();
    }
    this.#machines.clear();
  }

  /** At the beginning a server that loads its model by itself may do so while time stands still. */
  async #listen(machine: ProcessMachine): Promise<void> {
    const { server, instance } = machine;
    const patience = server.loadsItself ? this.around.patience() : 0;
    if (patience === 0) {
      return server.listen();
    }
    const release = this.around.driver.hold(patience);
    try {
      await server.listen();
      const until = Date.now() + patience;
      while (Date.now() < until && this.#machines.get(instance.id) === machine && server.port !== 0) {
        if (await answers(machine)) {
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
      }
    } finally {
      release();
    }
  }

  /** Completes the launch hook when the health check passes and the model answers, as boot/lifecycle.sh does. */
  #enterWhenReady(instance: Instance): void {
    const machine = this.#machines.get(instance.id);
    if (machine === undefined || machine.silent || instance.leaves) {
      return;
    }
    const { driver } = this.around;
    answers(machine).then((ready) =>
      driver.do(() => {
        if (this.#machines.get(instance.id) !== machine) {
          return;
        }
        if (ready) {
          this.around.complete(instance, "CONTINUE");
        } else {
          driver.timeline.after(this.around.poll(), () => this.#enterWhenReady(instance));
        }
      }),
    );
  }
}

async function answers({ server, facts, targetGroup }: Machine): Promise<boolean> {
  const timeout = ANSWER_WITHIN;
  const status =
    targetGroup === undefined
      ? (await ask(server.port, "/health", { timeout })).status
      : await probe(server, targetGroup, timeout);
  // Of a server of gRPC the instance wants a connection only.
  const isWell =
    targetGroup?.protocolVersion === "GRPC" ? status !== NO_ANSWER : status >= 200 && status < 300;
  if (!isWell || facts.probe === undefined || server.loadsItself) {
    return isWell;
  }
  const body = facts.probe.body.replaceAll("{model}", facts.model) || "{}";
  const tls = targetGroup?.protocol === "HTTPS" ? {} : undefined;
  const answer = await ask(server.port, facts.probe.path, { timeout, body, tls });
  return answer.status === 200 && answer.text.includes(facts.probe.expect);
}
