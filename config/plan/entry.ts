import { HEALTH_CHECKERS_WEIGHT } from "../../aws/route53";
import { DEFAULT_TLS_POLICY } from "../../aws/tls-policies";
import type { ServingFile } from "../schema/deployment";
import type { EntryFile } from "../schema/entry";
import { SECONDS_PER_DAY } from "../units";
import { resolveCallers } from "./callers";
import type { EntryLogs, HostedZone, Region, RegionEntry, RegionNetwork } from "./deployment";
import type { Model } from "./model";
import { balancerName } from "./names";
import { networkIdentity } from "./network";
import { entrySettings } from "./overrides";
import { balancerTiming } from "./timing";
import { wafOf } from "./waf";

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
    ...allowedClients(written),
    callers: resolveCallers(written.callers),
    waf: wafOf(file, region, models),
    webAclArn: written.webAclArn,
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

/** Clients that may connect, by what they are in, each once. */
type AllowedClients = Pick<RegionEntry, "allowedCidrs" | "allowedPrefixLists" | "allowedSecurityGroups">;

function allowedClients({ allow, dualStack }: Pick<EntryFile, "allow" | "dualStack">): AllowedClients {
  const everyone = dualStack ? ["0.0.0.0/0", "::/0"] : ["0.0.0.0/0"];
  const all = allow === "anyone-on-the-internet" ? everyone : [...new Set(allow)].sort();
  return {
    allowedCidrs: all.filter((clients) => !isRegional(clients)),
    allowedPrefixLists: all.filter((clients) => clients.startsWith("pl-")),
    allowedSecurityGroups: all.filter((clients) => clients.startsWith("sg-")),
  };
}

/** Inbound rules that a load balancer's security group takes for one family of addresses. */
export interface InboundRules {
  /** Blocks and security groups, each of which takes a rule at each port. */
  readonly allowed: number;
  /** For the health checkers of Route 53. */
  readonly checkers: number;
  /** All of them, at all ports. */
  readonly taken: number;
}

/** Inbound rules of a region, by the family of addresses, without those that prefix lists of one's own take. */
export function inboundRules({
  entry,
  globalEndpoint,
}: Pick<Region, "entry" | "globalEndpoint">): Readonly<Record<"ipv4" | "ipv6", InboundRules>> {
  const ipv6 = entry.allowedCidrs.filter((cidr) => cidr.includes(":")).length;
  const ipv4 = entry.allowedCidrs.length - ipv6;
  const groups = entry.allowedSecurityGroups.length;
  const checkers = globalEndpoint?.allowsHealthCheckers ? HEALTH_CHECKERS_WEIGHT.rules : 0;
  // A rule for a security group counts for both families.
  const rules = (blocks: number, more: number): InboundRules => ({
    allowed: blocks + groups,
    checkers: more,
    taken: (blocks + groups) * entry.ports.length + more,
  });
  return { ipv4: rules(ipv4, checkers), ipv6: rules(ipv6, 0) };
}

/** Whether an entry of `allow` is an id, which exists in one region only, and no block of addresses. */
export function isRegional(clients: string): boolean {
  return /^(pl|sg)-/.test(clients);
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
