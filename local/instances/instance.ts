import { randomBytes } from "node:crypto";
import type { Aws, KnownInstance } from "./aws";
import type { Image } from "./image";
import { identityOf, type Launch, metadataOf } from "./metadata";
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
  /** @default on demand, in us-east-1a */
  readonly launch?: Partial<Launch>;
  /** Its target lifecycle state. */
  readonly target?: "InService" | "Warmed:Stopped" | "Warmed:Running" | "Warmed:Hibernated";
  /** Its main memory, in MiB, of which it has limits. @default that of the machine under it, and no limits */
  readonly memoryMib?: number;
}

const USUAL: Launch = {
  ...{ zone: "us-east-1a", region: "us-east-1", type: "g6.xlarge", lifeCycle: "on-demand" },
};

/** An instance: a system with the user data of a launch template, and its metadata. */
export class Instance extends System {
  readonly #known: KnownInstance;

  /** Launches an instance on its way into service, or where it shall go. */
  constructor(
    private readonly around: Surroundings,
    template: Template,
    told: Pick<KnownInstance, "scaling" | "denied">,
    { id = `i-${randomBytes(8).toString("hex")}0`, launch, target = "InService", memoryMib }: Unusual = {},
  ) {
    const where = { ...USUAL, ...launch };
    super({ id, image: around.image, place: around.network.place(where.zone), memoryMib });
    this.#known = { metadata: metadataService(), template, withoutRegistry: false, ...told };
    around.aws.instances.set(this.place.address, this.#known);
    const { values, besides } = this.#known.metadata;
    for (const [path, value] of Object.entries(metadataOf(id, where, this.place))) {
      values.set(path, value);
    }
    besides.set("user-data", template.userData);
    besides.set("dynamic/instance-identity/document", identityOf(id, where, this.place));
    this.target = target;
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

  get address(): string {
    return this.place.address;
  }

  override async remove(): Promise<void> {
    await super.remove();
    this.around.aws.instances.delete(this.place.address);
  }
}
