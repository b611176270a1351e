import { presetOf, type ServerName, versionOf } from "./presets";
import { isAtLeast, versionText } from "./version";

/** The NVIDIA driver that a container image needs of its instance. */
export interface DriverNeed {
  /** The major version of CUDA in the image. */
  readonly cuda: 12 | 13;
  /** The major version of the oldest driver that runs it. */
  readonly driver: number;
  /** What needs it, e.g. `vllm 0.28.0`. */
  readonly by: string;
}

/** The oldest driver for each CUDA. Source: NVIDIA, CUDA Compatibility: minor version compatibility. */
const OLDEST_DRIVER = { 12: 525, 13: 580 } as const;

/** A tag that names its CUDA: `v0.28.0-cu129`. */
const CUDA_12_TAG = /cu12\d/;

/** What an image needs of the driver; undefined where its CUDA is not known. */
export function driverNeeded(server: ServerName, image: string): DriverNeed | undefined {
  const version = versionOf(server, image);
  const since = presetOf(server)?.cuda13Since;
  if (version === undefined || since === undefined) {
    return undefined;
  }
  const cuda = isAtLeast(version, since) && !CUDA_12_TAG.test(image) ? 13 : 12;
  return { cuda, driver: OLDEST_DRIVER[cuda], by: `${server} ${versionText(version)}` };
}
