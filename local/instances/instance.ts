import { randomBytes } from "node:crypto";
import { type Aws, hookOf, type KnownInstance } from "./aws";
import type { Image } from "./image";
import { identityOf, metadataOf } from "./metadata";
import { metadataService } from "./metadata-service";
import type { Network } from "./network";
import { System } from "./system";
import type { Template } from "./template";

/** What instances are launched into. */
export interface Surroundings {
  readonly image: Image;
  readonly network: Network;
  readonly aws: Aws;
}

/** What is unusual about an instance. */
export interface Unusual {
  /** @default any */
  readonly id?: string;
  readonly lifeCycle?: "on-demand" | "spot";
  /** Its target lifecycle state. */
  readonly target?: "InService" | "Warmed:Stopped";
  /** Its main memory, in MiB, of which it has limits. @default that of the machine under it, and no limits */
  readonly memoryMib?: number;
}

/** An instance: a system with the user data of a launch template, its metadata, and what AWS knows of it. */
export class Instance extends System {
  readonly #known: KnownInstance;

  /** Launches an instance on its way into service, or where it shall go, and has the launch hook wait for it. */
  constructor(
    private readonly around: Surroundings,
    private readonly template: Template,
    {
      id = `i-${randomBytes(8).toString("hex")}0`,
      lifeCycle = "on-demand",
      target = "InService",
      memoryMib,
    }: Unusual = {},
  ) {
    super({ id, image: around.image, place: around.network.place(), memoryMib });
    this.#known = {
      metadata: metadataService(),
      template,
      waiting: new Set(),
      accepted: [],
      denied: [],
      withoutRegistry: false,
    };
    around.aws.instances.set(this.place.address, this.#known);
    const { values, besides } = this.#known.metadata;
    for (const [path, value] of Object.entries(metadataOf(id, lifeCycle, this.place))) {
      values.set(path, value);
    }
    besides.set("user-data", template.userData);
    besides.set("dynamic/instance-identity/document", identityOf(id, this.place));
    this.target = target;
    this.hookWaits(template.launchHook);
    this.switchOn();
  }

  /** The target lifecycle state that the metadata service has. */
  set target(state: string) {
    this.#known.metadata.values.set("autoscaling/target-lifecycle-state", state);
  }

  /** Values of the metadata service, by path. */
  get metadata(): Map<string, string> {
    return this.#known.metadata.values;
  }

  set withoutRegistry(is: boolean) {
    this.#known.withoutRegistry = is;
  }

  /** What it called of AWS although its role does not allow it. */
  get denied(): readonly string[] {
    return this.#known.denied;
  }

  hookWaits(hook: string): void {
    this.#known.waiting.add(hookOf({ group: this.template.group, hook, instance: this.id }));
  }

  /** Waits until a hook that waited has been answered so many times. @returns the answers */
  async answers(hook: string, count = 1): Promise<readonly string[]> {
    const given = () =>
      this.#known.accepted.flatMap((call) => (call.hook === hook && call.result ? [call.result] : []));
    await this.until(`${hook} is answered`, () => given().length >= count);
    return given();
  }

  url(path: string): string {
    return `http://${this.place.address}:8000${path}`;
  }

  override async remove(): Promise<void> {
    await super.remove();
    this.around.aws.instances.delete(this.place.address);
  }
}
