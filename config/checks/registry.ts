import { parseEcrImage } from "../../aws/ecr-image";
import { type Diagnostic, error, formatPath, warning } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { isClosed } from "../plan/network";
import { DOCKER_HUB, giverOf, registryOf, userOf, withoutRegistry } from "../plan/registry";
import { versionOf } from "../servers/presets";
import { isBefore } from "../servers/version";
import { type Check, type Subject, type VariantInRegion, variantsInRegions } from "./check";

/** The registries of images give them to the instances: with a login where they want one, and to all that ask. */
export const checkRegistries: Check = (subject) => [
  ...variantsInRegions(subject).flatMap((each) => [...loginDiagnostics(each), ...userDiagnostics(each)]),
  ...unusedDiagnostics(subject),
  ...subject.deployment.regions.flatMap((region) => limitDiagnostics(subject, region)),
];

/**
 * Registries that give images only to those who sign in. Sources: Red Hat, "Container Registry Authentication"; Docker
 * docs, Docker Hardened Images, "Use a hardened image" (docker login dhi.io); Iron Bank docs, "Pulling images".
 */
const FOR_USERS: ReadonlySet<string> = new Set(["registry.redhat.io", "dhi.io", "registry1.dso.mil"]);

/** Images of NIM, within its registry. Source: NVIDIA NIM for LLMs docs, "Get Started": docker login nvcr.io. */
const NIM = /^nim\//;

/** From this version of NIM on only some images want a login. Source: as {@link NIM}, of 2.0.10. */
const SOME_NIM = [2, 0, 10] as const;

/** An image that its registry gives only to those who sign in, without a login. */
function loginDiagnostics({ region, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { image } = variant.settings;
  if (variant.registryLogin !== undefined || isClosed(region.network)) {
    return [];
  }
  const giver = giverOf(image);
  const isNim = giver === "nvcr.io" && NIM.test(withoutRegistry(image));
  const ways = `write registry: { server: ${registryOf(image)}, ${userOf(giver) === undefined ? "user: <name>, " : ""}secret: <ARN> }, or copy it to Amazon ECR and write the name of the copy`;
  const version = versionOf("nim", image);
  if (FOR_USERS.has(giver) || (isNim && isBefore(version, SOME_NIM))) {
    return [
      error(
        "image-needs-login",
        at("image"),
        `the registry of "${image}" gives it only to those who sign in; ${ways}`,
      ),
    ];
  }
  return isNim
    ? [
        warning(
          "image-may-need-login",
          at("image"),
          `the registry of "${image}" gives some images of NIM only to those who sign in, and this may be one; ${ways}`,
        ),
      ]
    : [];
}

/** A login that cannot be: without a user, or to Amazon ECR. */
function userDiagnostics({
  variant: { registryLogin: login, settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  if (login === undefined) {
    return [];
  }
  if (parseEcrImage(settings.image) !== undefined) {
    return [
      error(
        "registry-login-to-ecr",
        at("registry"),
        `"${settings.image}" is in Amazon ECR, where instances sign in by their role; remove registry, or write the server that it is for`,
      ),
    ];
  }
  const only = userOf(giverOf(settings.image));
  if (only !== undefined && login.user !== only) {
    return [
      error(
        "registry-without-user",
        at("registry", "user"),
        `${login.server} takes no other user than ${only}, and an API key as its password; leave user out`,
      ),
    ];
  }
  return login.user === ""
    ? [
        error(
          "registry-without-user",
          at("registry"),
          `${login.server} asks for a name beside the password; write registry: { server: ${login.server}, user: <name>, secret: <ARN> }`,
        ),
      ]
    : [];
}

/** A login for a server that no image of its part of the file comes from. */
function unusedDiagnostics(subject: Subject): readonly Diagnostic[] {
  const variants = variantsInRegions(subject);
  const used = new Set(
    variants
      .filter(({ variant }) => variant.registryLogin !== undefined)
      .map(({ at }) => formatPath(at("registry"))),
  );
  return variants.flatMap(({ variant: { settings }, at }) =>
    settings.registry?.server === undefined || settings.image === "" || used.has(formatPath(at("registry")))
      ? []
      : [
          warning(
            "registry-of-no-image",
            at("registry", "server"),
            `no image comes from ${settings.registry.server}: "${settings.image}" is of ${registryOf(settings.image)}; correct server, or remove registry`,
          ),
        ],
  );
}

/** Source: Docker docs, "Docker Hub pull usage and limits": unauthenticated users, by IPv4 address. */
const ANONYMOUS_PULLS = { most: 100, hours: 6 } as const;

/** More instances behind one address than Docker Hub gives images to without a login: said once, at the first image. */
function limitDiagnostics(subject: Subject, region: Region): readonly Diagnostic[] {
  const { network } = region;
  if (network.kind === "existing" && network.publicAddresses) {
    return [];
  }
  const pulling = variantsInRegions(subject).filter(
    (each) =>
      each.region.name === region.name &&
      each.variant.registryLogin === undefined &&
      each.variant.settings.image !== "" &&
      giverOf(each.variant.settings.image) === DOCKER_HUB,
  );
  // A VPC that is made has a NAT gateway in each zone; of another one the gateways are not in the file.
  const zones = network.kind === "created" ? network.zoneCount : 1;
  const most = pulling.reduce((sum, { variant }) => sum + Math.ceil(variant.capacity.max.value / zones), 0);
  return most <= ANONYMOUS_PULLS.most
    ? []
    : pulling
        .slice(0, 1)
        .map(({ at }) =>
          warning(
            "docker-hub-limit",
            at("image"),
            `up to ${most} instances of ${region.name} pull from Docker Hub by one address, which gets ${ANONYMOUS_PULLS.most} pulls in ${ANONYMOUS_PULLS.hours}h without a login, so a rollout of all would stop; copy the image to Amazon ECR, or write registry: { server: ${DOCKER_HUB}, user: <name>, secret: <ARN> } with a paid account`,
          ),
        );
}
