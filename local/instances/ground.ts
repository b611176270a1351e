import { readFileSync } from "node:fs";
import type { Instance } from "../../simulation/auto-scaling/instance";
import type { DeploymentModel } from "../../simulation/model";
import type { Stacks } from "../../simulation/terraform/resolve";
import type { Belonging, LocalMachines, MachineSurroundings } from "../machine";
import type { Instead } from "../run";
import { startAws } from "./aws";
import { factsOf, whyNot } from "./bootable";
import type { Surroundings } from "./instance";
import { InstanceMachines } from "./machines";
import { Network } from "./network";
import { type Template, templatesIn } from "./template";
import { putWeights } from "./weights";

/** What systemd and its services take of `fs.inotify.max_user_instances` in an instance. Source: counted in /proc. */
const INOTIFY_EACH = 11;

/** How long all instances of a run may take to serve for the first time, in milliseconds. */
const PATIENCE = 1_800_000;

/** What a run needs whose machines are instances that boot: a network, AWS, and what is deployed to it. */
export class InstanceGround {
  readonly #templates = new Map<string, Template>();
  /** Those of S3 that have weights. */
  readonly #folders = new Set<string>();

  private constructor(
    private readonly surroundings: Surroundings,
    private readonly images: Set<string>,
  ) {}

  /**
   * Makes them in the namespaces of this process.
   *
   * @param folder that of the machine image
   * @param emulator as for `startMoto`
   */
  static async make(folder: string, emulator?: Parameters<typeof startAws>[2]): Promise<InstanceGround> {
    const image = { folder };
    const network = new Network(image);
    const images = new Set<string>();
    const aws = await startAws(image, images, emulator);
    return new InstanceGround({ image, network, aws }, images);
  }

  /** What a run has in place of its own. */
  get instead(): Instead {
    return {
      machines: (around) => this.#machines(around),
      // Machines and systems start for real.
      assumed: { launch: 0, warmStart: 0 },
      patience: PATIENCE,
    };
  }

  /**
   * Takes what stacks launch: its launch templates, images and weights.
   *
   * @throws Error with a sentence for each group whose instances cannot boot here
   */
  async learn(stacks: Stacks, { regions }: DeploymentModel): Promise<void> {
    const groups = regions.flatMap((region) =>
      region.groups.map((group) => ({ region: region.name, group })),
    );
    const reasons = groups.flatMap(({ group }) => whyNot(group).map((reason) => `${group.name}: ${reason}`));
    const wanted = groups.reduce((sum, { group }) => sum + (group.desired ?? group.min), 0);
    const most = mostInstances();
    if (wanted > most) {
      reasons.push(
        `they want ${wanted} instances, and Linux has inotify for ${most} here: fs.inotify.max_user_instances; make capacity.min smaller`,
      );
    }
    if (reasons.length > 0) {
      throw new Error(["These cannot boot with --instances:", ...new Set(reasons)].join("\n  "));
    }
    for (const { region, group } of groups) {
      const template = templatesIn(stacks[region]).find((each) => each.group === group.name);
      if (template !== undefined) {
        this.#templates.set(keyOf(region, group.name, group.instance.version), template);
      }
      const { image, folders } = factsOf(group);
      this.images.add(image);
      for (const folder of folders.filter((each) => !this.#folders.has(each))) {
        this.#folders.add(folder);
        await putWeights({ endpoint: this.surroundings.aws.emulator }, folder, {
          "model.safetensors": "weights",
        });
      }
    }
  }

  #machines(around: MachineSurroundings): LocalMachines {
    return new InstanceMachines(
      this.surroundings,
      (instance, belonging) => this.#templateOf(instance, belonging),
      around,
    );
  }

  #templateOf({ id, version }: Instance, { region, group }: Belonging): Template {
    const template = this.#templates.get(keyOf(region.name, group.model.name, version));
    if (template === undefined) {
      throw new Error(`${id}: the launch template of ${group.model.name} is not known`);
    }
    return template;
  }
}

/** How many instances find enough of what Linux gives root to watch files with. */
function mostInstances(): number {
  const given = Number(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8"));
  return Math.floor(given / INOTIFY_EACH);
}

function keyOf(...parts: readonly string[]): string {
  return parts.join(" ");
}
