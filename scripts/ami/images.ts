import { type AmiArchitecture, isAwsAmi, leastDriver } from "../../aws/ami";
import { type Aws, saidOf } from "../aws-cli";

/** A machine image in one region. */
export interface Image {
  readonly id: string;
  readonly name: string;
  /** The day on which it was made, as `2026-09-01`. */
  readonly day: string;
  readonly architecture: AmiArchitecture;
  /** The NVIDIA driver that it has at least; undefined: it is not known. */
  readonly driver: string | undefined;
  /** Whether it is AWS's own, of those that the public parameter has. */
  readonly isOfAws: boolean;
}

/** A machine image that a public parameter has now. */
export interface Newest extends Image {
  /** Version of the parameter. */
  readonly version: number;
}

/** The machine images of a region, each asked for once. */
export class Images {
  readonly #call: Aws;
  readonly #region: string;
  readonly #newest = new Map<string, Promise<Newest>>();

  constructor(aws: Aws, region: string) {
    this.#call = (...args) => aws(...args, "--region", region);
    this.#region = region;
  }

  /** An image by its id; undefined when AWS no longer has it, or not for this account. */
  async byId(id: string, gpus: boolean): Promise<Image | undefined> {
    try {
      const { Images: found } = (await this.#call("ec2", "describe-images", "--image-ids", id)) as {
        readonly Images: readonly ImageAnswer[];
      };
      return found[0] && imageOf(found[0], gpus);
    } catch (error) {
      if (/InvalidAMIID\.(?:NotFound|Unavailable)/.test(saidOf(error as Error))) {
        return undefined;
      }
      throw error;
    }
  }

  /** The image that a public parameter has now. @throws Error when AWS does not say */
  newest(parameter: string, gpus: boolean): Promise<Newest> {
    const known = this.#newest.get(parameter) ?? this.#askForNewest(parameter, gpus);
    this.#newest.set(parameter, known);
    return known;
  }

  async #askForNewest(parameter: string, gpus: boolean): Promise<Newest> {
    const { Parameter } = (await this.#call("ssm", "get-parameter", "--name", parameter)) as {
      readonly Parameter: { readonly Value: string; readonly Version: number };
    };
    const image = await this.byId(Parameter.Value, gpus);
    if (image === undefined) {
      throw new Error(`${this.#region}: EC2 does not know ${Parameter.Value}, which ${parameter} names`);
    }
    return { ...image, version: Parameter.Version };
  }
}

interface ImageAnswer {
  readonly ImageId: string;
  readonly Name?: string;
  readonly CreationDate: string;
  readonly Architecture: AmiArchitecture;
  /** `amazon` for images of AWS. */
  readonly ImageOwnerAlias?: string;
}

function imageOf(answer: ImageAnswer, gpus: boolean): Image {
  const { ImageId: id, Name: name = "", CreationDate, Architecture: architecture } = answer;
  const isOfAws = answer.ImageOwnerAlias === "amazon" && isAwsAmi(name, { driver: gpus });
  return {
    ...{ id, name, architecture, isOfAws },
    day: CreationDate.slice(0, "2026-09-01".length),
    driver: isOfAws ? leastDriver(architecture, name) : undefined,
  };
}

/** An image in words: its name, and the driver that is known of it. */
export function imageText({ id, name, driver }: Image): string {
  return `${name || id}${driver === undefined ? "" : `, NVIDIA driver ${driver} or later`}`;
}
