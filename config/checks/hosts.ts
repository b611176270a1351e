import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import type { Region } from "../plan/deployment";
import { globalEndpointModelNames, regionsInGlobalEndpoint } from "../plan/global-endpoint";
import { wildcardCount } from "../routes/glob";
import { hostsInclude, matchesHostName } from "../routes/host-names";
import type { RouteFile } from "../schema/route";
import type { Check, Subject } from "./check";

/** Routes by host: names that clients can use, and that reach the model in every region. */
export const checkHosts: Check = (subject) => [
  ...unreachedByGlobalEndpoint(subject),
  ...hostsWithoutRecord(subject),
];

/** Models that clients of the global endpoint use, and whose routes match names of single regions only. */
function unreachedByGlobalEndpoint({ file, deployment }: Subject): readonly Diagnostic[] {
  const { globalEndpoint } = deployment;
  if (globalEndpoint === undefined) {
    return [];
  }
  const regions = regionsInGlobalEndpoint(file, deployment.regions);
  const answersAll = (name: string) => regions.every(({ entry }) => entry.default === name);
  return globalEndpointModelNames(file)
    .filter((name) => !answersAll(name))
    .flatMap((name) => {
      const routes = file.models[name]?.routes ?? [];
      const isLost =
        routes.length > 0 &&
        routes.every(
          (route) =>
            !matchesHostName(route, globalEndpoint.name) && takesRegionsOnly(route, deployment.regions),
        );
      return isLost
        ? [
            error(
              "model-behind-region-names",
              [...routePath(name, 0), "host"],
              `clients of the global endpoint that want ${name} would get a 404: its routes match names of single regions only; add ${globalEndpoint.name}, leave host out, or name the others in globalEndpoint.models`,
            ),
          ]
        : [];
    });
}

/** Whether nothing but the regions' own names can be used for a route. */
function takesRegionsOnly({ host }: RouteFile, regions: readonly Region[]): boolean {
  const own = regions.flatMap(({ entry }) => entry.hostName ?? []);
  const noOthers = regions.every(isCertifiedHere);
  return (
    host?.every(
      (value) => own.some((name) => hostsInclude([value], name)) && (wildcardCount(value) === 0 || noOthers),
    ) ?? false
  );
}

/** Hosts without a record and a certificate, where both are made here for other names. */
function hostsWithoutRecord({ file, deployment }: Subject): readonly Diagnostic[] {
  const made = deployment.regions.flatMap(({ entry, globalEndpoint }) => [
    ...(entry.hostName === undefined ? [] : [entry.hostName]),
    ...(globalEndpoint?.certifiedName === undefined ? [] : [globalEndpoint.certifiedName]),
  ]);
  return deployment.regions
    .filter(isCertifiedHere)
    .flatMap(({ models }) =>
      models.flatMap(({ name }) =>
        (file.models[name]?.routes ?? []).flatMap(({ host = [] }, index) =>
          host.flatMap((value, place) =>
            made.some((each) => hostsInclude([value], each))
              ? []
              : [
                  warning(
                    "host-without-record",
                    [...routePath(name, index), "host", place],
                    `this deployment makes no DNS record and no certificate for ${value}; make both, and write the certificate, with all names on it, as entry.certificateArn`,
                  ),
                ],
          ),
        ),
      ),
    );
}

function isCertifiedHere({ entry }: Region): boolean {
  return entry.certifiedName !== undefined;
}

function routePath(model: string, index: number): Path {
  return ["models", model, "routes", index];
}
