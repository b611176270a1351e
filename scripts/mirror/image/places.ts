import { parseEcrImage } from "../../../aws/ecr-image";
import { formatPath, type Path } from "../../../config/diagnostics/diagnostic";
import { candidateInstances } from "../../../config/plan/candidate-instances";
import { instanceSetting } from "../../../config/plan/overrides";
import { named } from "../../back/restore";
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
    const variants = region.models
      .filter(({ name }) => name === wanted.model)
      .flatMap((model) => model.variants)
      .filter(({ name }) => wanted.variant === undefined || name === wanted.variant)
      .map((variant) => ({
        variant,
        written: instanceSetting(file, region.name, wanted.model, variant.name, "image").path,
        login: instanceSetting(file, region.name, wanted.model, variant.name, "registry").path,
      }));
    const [first, ...others] = variants;
    if (first === undefined) {
      return [];
    }
    const other = others.find(({ written }) => formatPath(written) !== formatPath(first.written));
    if (other !== undefined) {
      throw new Error(
        `the variants of ${wanted.model} have several images; add --variant ${first.variant.name} or --variant ${other.variant.name}`,
      );
    }
    const { written, login, variant } = first;
    const { settings, registryLogin } = variant;
    if (settings.run !== undefined) {
      throw new Error(
        `the image of ${wanted.model} is in its run line; write image: instead, with arguments and env`,
      );
    }
    if (parseEcrImage(settings.image)?.region === region.name) {
      return [];
    }
    const [candidate] = candidateInstances(settings);
    // A region of several has an image of its own, beside those of the others.
    const own =
      severalRegions && written[0] !== "regions" ? (["regions", region.name, ...written] as const) : written;
    return [
      {
        ...{ region: region.name, image: settings.image, user: registryLogin?.user || undefined },
        architecture: candidate?.arch === "arm64" ? ("arm64" as const) : ("amd64" as const),
        path: own,
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
