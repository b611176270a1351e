import type { AutoScalingGroup } from "../../simulation/auto-scaling/group";
import type { Instance as Launched } from "../../simulation/auto-scaling/instance";
import { waitingState } from "../../simulation/auto-scaling/warm-pool";
import type { TargetGroupModel } from "../../simulation/model";
import type { Belonging, LocalMachines, Machine, MachineSurroundings } from "../machine";
import type { ServerSeen } from "../model-server/any-server";
import type { ServerFacts } from "../model-server/facts";
import type { Network } from "../network";
import { groupAnswers } from "./group-answers";
import { Instance, type Surroundings } from "./instance";
import type { Template } from "./template";

/** An instance that has booted, as a machine of a local run. */
class InstanceMachine implements Machine {
  readonly facts: ServerFacts;
  readonly targetGroup: TargetGroupModel | undefined;
  readonly server: ServerSeen;
  readonly listening = Promise.resolve();
  silent = false;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    readonly instance: Launched,
    readonly system: Instance,
    { facts, targetGroup }: Belonging,
    private readonly tell: (what: string) => void,
  ) {
    this.facts = facts;
    this.targetGroup = targetGroup;
    this.server = {
      ...{ host: system.address, port: targetGroup?.port ?? 0, healthPort: targetGroup?.healthCheck.port },
      ...{ waiting: undefined, isResponsive: false, loadsItself: true },
    };
  }

  die(): void {
    this.silent = true;
    this.system.losePower();
  }

  vanish(): void {
    this.silent = true;
    this.system.unplug();
  }

  hang(): void {
    this.#run("docker top model-server -o pid | tail --lines +2 | xargs kill -STOP");
  }

  slow(times: number): boolean {
    const { port } = this.server;
    const scheme = this.targetGroup?.protocol === "HTTPS" ? "https" : "http";
    this.#run(
      `curl --silent --fail --insecure --data '{"times": ${times}}' ${scheme}://localhost:${port}/test/slow`,
    );
    return true;
  }

  noticed(_group: AutoScalingGroup, seconds: number): void {
    const time = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");
    this.system.metadata.set("spot/instance-action", JSON.stringify({ action: "terminate", time }));
  }

  /** Does something when what was begun before has ended. What fails is told. */
  after(step: () => Promise<void> | void): void {
    this.#settled = this.#settled.then(step).catch((error: Error) => this.tell(error.message));
  }

  #run(lines: string): void {
    this.system.run(lines).catch((error: Error) => this.tell(error.message));
  }
}

/** The machines of a local run, each of which boots from the user data of its launch template. */
export class InstanceMachines implements LocalMachines {
  readonly #machines = new Map<string, InstanceMachine>();
  #network: Network | undefined;

  /** @param templateOf what a group launches an instance from; it throws where there is nothing */
  constructor(
    private readonly ground: Surroundings,
    private readonly templateOf: (instance: Launched, belonging: Belonging) => Template,
    private readonly around: MachineSurroundings,
  ) {}

  get(instance: string): InstanceMachine | undefined {
    return this.#machines.get(instance);
  }

  get all(): IterableIterator<InstanceMachine> {
    return this.#machines.values();
  }

  start(launched: Launched): void {
    const known = this.#machines.get(launched.id);
    if (known !== undefined) {
      known.system.target = "InService";
      known.after(() => {
        if (!known.system.isOn) {
          known.system.switchOn();
        }
      });
      return;
    }
    const { belongingOf, driver, tell } = this.around;
    const belonging = belongingOf(launched);
    const told = (what: string) => driver.do(() => tell(launched.id, what));
    const system = new Instance(
      this.ground,
      this.templateOf(launched, belonging),
      {
        scaling: groupAnswers(launched, belonging, driver),
        denied: (call) => told(`its role does not allow ${call}`),
      },
      {
        id: launched.id,
        launch: {
          ...{ zone: launched.zone, region: belonging.region.name, type: launched.type },
          lifeCycle: launched.spot ? "spot" : "on-demand",
        },
        target: launched.inPool ? targetInPool(belonging) : "InService",
      },
    );
    this.#machines.set(launched.id, new InstanceMachine(launched, system, belonging, told));
    if (this.#network !== undefined) {
      this.wires(this.#network);
    }
  }

  stop({ id }: Launched): void {
    const machine = this.#machines.get(id);
    machine?.after(() => machine.system.switchOff());
  }

  /** The instance sees it in its metadata, drains, and completes the hook itself. */
  leave(launched: Launched): void {
    const machine = this.#machines.get(launched.id);
    if (machine !== undefined) {
      machine.system.target = launched.returns
        ? targetInPool(this.around.belongingOf(launched))
        : "Terminated";
    }
  }

  end({ id }: Launched): void {
    const machine = this.#machines.get(id);
    this.#machines.delete(id);
    machine?.after(() => machine.system.remove());
  }

  wires(network: Network): void {
    this.#network = network;
    this.ground.network.cut(network.cutZones);
  }

  /** They end with the namespaces of the run. */
  close(): void {}
}

/** The target lifecycle state of an instance that is to wait in the pool of its group. */
function targetInPool({ group }: Belonging): ReturnType<typeof waitingState> {
  const { warmPool } = group.model;
  return warmPool === undefined ? "Warmed:Running" : waitingState(warmPool);
}
