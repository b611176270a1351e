import { parseEcrImage } from "../../../aws/ecr-image";
import { formatPath, type Path } from "../../../config/diagnostics/diagnostic";
import { candidateInstances } from "../../../config/plan/candidate-instances";
import { type InstanceSettings, instanceSetting } from "../../../config/plan/overrides";
import { giverOf, userOf } from "../../../config/plan/registry";
import { named } from "../../back/restore";
import { ownPath } from "../own-path";
import type { Good } from "../require-good";

/** Which images of a model are meant. */
export interface WantedImage {
  readonly model: string;
  readonly region?: string;
  readonly variant?: string;
}

/** An image that is to lie in the ECR of a region. */
export interface ImagePlace {
  readonly region: string;
  readonly image: string;
  readonly architecture: "amd64" | "arm64";
  /** Name of the user of its registry, as the file has it. */
  readonly user: string | undefined;
  /** Where the name of the copy is to be written. */
  readonly path: Path;
  /** The login to the registry that it comes from, if the copies of all places make it needless. */
  readonly unneeded: Path | undefined;
}

/**
 * The images of a model that are not in the ECR of their region: one in each region.
 *
 * @throws Error when there is no such model, or its variants have different images and it is not said which is meant
 */
export function imagePlaces({ file, deployment }: Good, wanted: WantedImage): readonly ImagePlace[] {
  named(
    Object.keys(file.models).map((name) => ({ name })),
    "model",
    wanted.model,
  );
  const regions =
    wanted.region === undefined ? deployment.regions : [named(deployment.regions, "region", wanted.region)];
  const severalRegions = Object.keys(file.regions).length > 1;
  const places = regions.flatMap((region) => {
    const all = region.models
      .filter(({ name }) => name === wanted.model)
      .flatMap((model) => model.variants)
      .map((plan) => ({
        ...{ plan, region: region.name, variant: plan.name },
        architecture: architectureOf(plan.settings),
        path: instanceSetting(file, region.name, wanted.model, plan.name, "image").path,
        login: instanceSetting(file, region.name, wanted.model, plan.name, "registry").path,
      }))
      .map((each) => ({ ...each, needs: `${each.plan.settings.image} ${each.architecture}` }));
    const meant = all.filter(({ variant }) => wanted.variant === undefined || variant === wanted.variant);
    const [first, ...others] = meant;
    if (first === undefined) {
      return [];
    }
    const other = others.find(
      ({ path, needs }) => formatPath(path) !== formatPath(first.path) || needs !== first.needs,
    );
    if (other !== undefined) {
      const architectures =
        other.architecture === first.architecture ? "" : " or are for instances of several architectures";
      throw new Error(
        `the variants of ${wanted.model} have several images${architectures}; add --variant ${first.variant} or --variant ${other.variant}`,
      );
    }
    const { login, architecture } = first;
    const { settings, registryLogin } = first.plan;
    if (settings.run !== undefined) {
      throw new Error(
        `the image of ${wanted.model} is in its run line; write image: instead, with arguments and env`,
      );
    }
    if (parseEcrImage(settings.image)?.region === region.name) {
      return [];
    }
    const written = ownPath(file, wanted.model, "image", meant, all);
    // A region of several has an image of its own, beside those of the others.
    const own =
      severalRegions && written[0] !== "regions" ? (["regions", region.name, ...written] as const) : written;
    return [
      {
        ...{ region: region.name, image: settings.image, architecture, path: own },
        user: registryLogin?.user || userOf(giverOf(settings.image)),
        // Where one region or variant is asked for, others may still need it.
        unneeded:
          registryLogin === undefined || wanted.region !== undefined || wanted.variant !== undefined
            ? undefined
            : login,
      },
    ];
  });
  if (places.length === 0) {
    throw new Error(
      `there is nothing to copy: ${wanted.model} has its image in Amazon ECR, or is not served by ${wanted.variant ?? "any variant"} there`,
    );
  }
  return places;
}

function architectureOf(settings: InstanceSettings): ImagePlace["architecture"] {
  const [candidate] = candidateInstances(settings);
  return candidate?.arch === "arm64" ? "arm64" : "amd64";
}
