import { DEFAULT_TLS_POLICY } from "../../aws/tls-policies";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { SECONDS_PER_DAY } from "../units";
import type { EntryLogs, HostedZone, RegionEntry, RegionNetwork } from "./deployment";
import type { Model } from "./model";
import { balancerName } from "./names";
import { networkIdentity } from "./network";
import { entrySettings } from "./overrides";
import { balancerTiming } from "./timing";

/** Default retention of the logs in a bucket that the stack creates. */
const LOG_RETENTION_DAYS = 90;

/** The load balancer of a region, resolved from the file. */
export function resolveEntry(
  file: ServingFile,
  region: string,
  network: RegionNetwork,
  models: readonly Model[],
): RegionEntry {
  const written = entrySettings(file, region);
  const { scheme, protocol, domain, certificateArn } = written;
  const hostName = domain && `${region}.${domain}`;
  return {
    balancerName: balancerName(file.name, { scheme, network: networkIdentity(network) }),
    scheme,
    protocol,
    ports: portsOf(written),
    redirectHttp: redirectsHttp(written),
    tlsPolicy: written.tlsPolicy ?? DEFAULT_TLS_POLICY,
    certificateArn,
    certifiedName: protocol === "https" && certificateArn === undefined ? hostName : undefined,
    domain,
    hostName,
    hostedZone: hostedZoneOf(written),
    allow: written.allow,
    allowedCidrs: allowedCidrs(written),
    default: written.default,
    dualStack: written.dualStack,
    deletionProtection: written.deletionProtection,
    zonalShift: written.zonalShift,
    dropInvalidHeaders: written.dropInvalidHeaders,
    desyncMitigation: written.desyncMitigation,
    reservedCapacityUnits: written.reservedCapacityUnits,
    logs: logsOf(written.logs),
    timing: balancerTiming(models, written),
  };
}

function redirectsHttp({ protocol, redirectHttp = true }: Pick<EntryFile, "protocol" | "redirectHttp">) {
  return protocol === "https" && redirectHttp;
}

/** Ports that clients of an entry connect to. */
export function portsOf(entry: Pick<EntryFile, "protocol" | "redirectHttp">): readonly number[] {
  const own = entry.protocol === "https" ? 443 : 80;
  return redirectsHttp(entry) ? [own, 80] : [own];
}

/** The hosted zone of an entry's domain: by its id, or by its name. Default: the zone with the domain's name. */
export function hostedZoneOf({
  domain,
  hostedZone = domain,
  hostedZoneId,
}: Pick<EntryFile, "domain" | "hostedZone" | "hostedZoneId">): HostedZone | undefined {
  if (hostedZoneId !== undefined) {
    return { id: hostedZoneId };
  }
  return domain === undefined || hostedZone === undefined ? undefined : { name: hostedZone };
}

function allowedCidrs({ allow, dualStack }: Pick<EntryFile, "allow" | "dualStack">): readonly string[] {
  if (allow === "anyone-on-the-internet") {
    return dualStack ? ["0.0.0.0/0", "::/0"] : ["0.0.0.0/0"];
  }
  return [...new Set(allow)].sort();
}

function logsOf({
  access,
  connections,
  prefix,
  bucket,
  retention,
}: EntryFile["logs"]): EntryLogs | undefined {
  const logged = { access, connections, prefix };
  if (!access && !connections) {
    return undefined;
  }
  return bucket === undefined
    ? {
        ...logged,
        retentionDays: retention === undefined ? LOG_RETENTION_DAYS : retention / SECONDS_PER_DAY,
      }
    : { ...logged, bucket };
}
