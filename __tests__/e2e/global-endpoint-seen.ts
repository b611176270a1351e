import type { HealthCheck, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { Eyes } from "./aws";

/** The state of a global endpoint in Route 53, in short texts. */
export interface GlobalEndpointSeen {
  /** E.g. `A and AAAA models.example.com → _latency.models.example.com by its health`, sorted. */
  readonly records: readonly string[];
  /** By name, e.g. `2 of front us-east-1 llama requests, front us-east-1 qwen requests`. */
  readonly healthChecks: Readonly<Record<string, string>>;
}

/** A target of aliases that has a name of its own here. */
interface Place {
  readonly dnsName?: string;
  readonly zoneId?: string;
  readonly called: string;
}

/**
 * Reads from AWS the state of a global endpoint.
 *
 * @param regions those that have a load balancer
 */
export async function seeGlobalEndpoint(
  hostedZoneId: string,
  regions: Readonly<Record<string, Eyes>>,
): Promise<GlobalEndpointSeen> {
  const [eyes] = Object.values(regions);
  if (eyes === undefined) {
    throw new Error("a global endpoint has at least one region");
  }
  const checks = await eyes.healthChecks();
  const names = new Map(
    await Promise.all(
      checks.map(async ({ Id = "" }): Promise<[string, string]> => {
        const { Name = "" } = await eyes.healthCheckTags(Id);
        return [Id, Name];
      }),
    ),
  );
  const places = await Promise.all(
    Object.entries(regions).map(async ([region, { loadBalancers }]): Promise<Place> => {
      const [balancer] = await loadBalancers();
      return {
        dnsName: balancer?.DNSName,
        zoneId: balancer?.CanonicalHostedZoneId,
        called: `the load balancer of ${region}`,
      };
    }),
  );
  const described = (await eyes.records(hostedZoneId)).map(
    (record) =>
      [recordOf(record, names, [...places, { zoneId: hostedZoneId, called: "" }]), record.Type] as const,
  );
  return {
    records: [...new Set(described.map(([text]) => text))]
      .map((text) => {
        const types = described.filter(([other]) => other === text).map(([, type]) => type);
        return `${types.sort().join(" and ")} ${text}`;
      })
      .sort(),
    healthChecks: Object.fromEntries(
      checks
        .map((check): [string, string] => [names.get(check.Id ?? "") ?? "", healthCheckOf(check, names)])
        .sort(),
    ),
  };
}

function recordOf(
  record: ResourceRecordSet,
  names: ReadonlyMap<string, string>,
  places: readonly Place[],
): string {
  const {
    Name = "",
    SetIdentifier,
    Region,
    Weight,
    Failover,
    HealthCheckId,
    AliasTarget,
    ResourceRecords = [],
  } = record;
  return [
    plain(Name),
    SetIdentifier && `"${SetIdentifier}"`,
    Region && `nearest to ${Region}`,
    Weight !== undefined && `weight ${Weight}`,
    Failover?.toLowerCase(),
    HealthCheckId && `while ${names.get(HealthCheckId)}`,
    "→",
    AliasTarget === undefined
      ? ResourceRecords.map(({ Value = "" }) => plain(Value)).join(", ")
      : aliasOf(AliasTarget, places),
    AliasTarget?.EvaluateTargetHealth && "by its health",
  ]
    .filter(Boolean)
    .join(" ");
}

/** A name of the hosted zone as it is; a load balancer by its region, if the zone is that of the load balancer. */
function aliasOf(
  { DNSName = "", HostedZoneId }: NonNullable<ResourceRecordSet["AliasTarget"]>,
  places: readonly Place[],
): string {
  const place = places.find(
    ({ dnsName = plain(DNSName), zoneId }) => dnsName === plain(DNSName) && zoneId === HostedZoneId,
  );
  return place === undefined ? `${DNSName} in ${HostedZoneId}` : place.called || plain(DNSName);
}

function healthCheckOf(
  { HealthCheckConfig: config }: HealthCheck,
  names: ReadonlyMap<string, string>,
): string {
  switch (config?.Type) {
    case "CALCULATED": {
      const children = (config.ChildHealthChecks ?? []).map((id) => names.get(id)).sort();
      return `${config.HealthThreshold} of ${children.join(", ")}`;
    }
    case "CLOUDWATCH_METRIC": {
      const { Name, Region } = config.AlarmIdentifier ?? {};
      return `${Name} of ${Region}, else ${config.InsufficientDataHealthStatus}`;
    }
    default:
      return [
        `${config?.Type}${config?.EnableSNI ? " with SNI" : ""} ${config?.FullyQualifiedDomainName}:${config?.Port}${config?.ResourcePath}`,
        `every ${config?.RequestInterval} s`,
        `${config?.FailureThreshold} times`,
        `from ${(config?.Regions ?? []).sort().join(", ")}`,
      ].join(", ");
  }
}

/** Without the dot at its end, and without what ACM makes up. */
function plain(name: string): string {
  return name.replace(/\.$/, "").replace(/_[0-9a-f]{32}(\.\w+(?=\.acm-validations))?/, "_…");
}
