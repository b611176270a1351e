import { DOCKER_HUB, registryOf, withoutRegistry } from "../../../config/plan/registry";

/** An image, taken apart. */
export interface ImageReference {
  /** Host of the registry, as Docker names it. */
  readonly registry: string;
  /** Address of its API. */
  readonly endpoint: string;
  /** The repository as the registry names it: with `library/` for Docker Hub's own. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/** Source: the distribution project, reference/normalize.go; Docker Hub answers the API under another name. */
export function parseImage(image: string): ImageReference {
  const [, name = "", tag, digest] =
    /^(.*?)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  const registry = registryOf(image);
  const path = withoutRegistry(name);
  const isHub = registry === DOCKER_HUB;
  return {
    registry,
    endpoint: `https://${isHub ? "registry-1.docker.io" : registry}`,
    repository: isHub && !path.includes("/") ? `library/${path}` : path,
    tag,
    digest,
  };
}
