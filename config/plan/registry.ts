import type { InstanceSettings } from "./overrides";

/** Docker's name of the registry of images that name none. */
export const DOCKER_HUB = "docker.io";

/** Source: NVIDIA NGC user guide, "Accessing the NGC Container Registry". */
const USERS: Readonly<Record<string, string>> = { "nvcr.io": "$oauthtoken" };

/** The user that a registry has for all; undefined: each has its own. */
export function userOf(server: string): string | undefined {
  return USERS[server];
}

/** How an instance signs in to the registry of its image. */
export interface RegistryLogin {
  /** Host, with a port if the image has one. */
  readonly server: string;
  /** Empty: the file says none, and the registry has none that is the same for all. */
  readonly user: string;
  /** ARN of the secret with the password. */
  readonly secret: string;
}

/**
 * The registry of an image: what stands before its first slash, if that is a host. Source: the distribution project,
 * reference/normalize.go.
 */
export function registryOf(image: string): string {
  const [, host = DOCKER_HUB] = HOST.exec(image) ?? [];
  return host === "index.docker.io" ? DOCKER_HUB : host;
}

/**
 * Who gives out an image, by whatever name: HTTPS is at port 443 in any case, and Docker Hub answers by the name of its
 * server too. For a login Docker compares {@link registryOf}. Source: Docker docs, Registry API.
 */
export function giverOf(image: string): string {
  const server = registryOf(image).replace(/:443$/, "");
  return server === "registry-1.docker.io" ? DOCKER_HUB : server;
}

/** What an image is called within its registry. */
export function withoutRegistry(image: string): string {
  return image.replace(HOST, "");
}

const HOST = /^([^/]*[.:][^/]*|localhost)\//;

/** Undefined where the image is of another registry than the login. */
export function registryLogin({
  image,
  registry,
}: Pick<InstanceSettings, "image" | "registry">): RegistryLogin | undefined {
  const server = registryOf(image);
  if (registry === undefined || registryOf(`${registry.server ?? server}/`) !== server) {
    return undefined;
  }
  return { server, user: registry.user ?? userOf(server) ?? "", secret: registry.secret };
}
