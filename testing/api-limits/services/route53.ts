import { HEALTH_CHECK_INTERVALS } from "../../../aws/route53";
import { limited, none, oneOf, type Service } from "../table";

const [fast, slow] = HEALTH_CHECK_INTERVALS.seconds;

/** What the resources and data sources of Route 53 become. */
export const route53: Service = {
  service: "route53",
  blocks: {
    aws_route53_health_check: {
      request: "HealthCheckConfig",
      arguments: {
        child_health_threshold: "HealthThreshold",
        cloudwatch_alarm_name: "AlarmIdentifier.Name",
        cloudwatch_alarm_region: "AlarmIdentifier.Region",
        fqdn: "FullyQualifiedDomainName",
        request_interval: limited(
          "RequestInterval",
          oneOf(HEALTH_CHECK_INTERVALS.source, String(fast), String(slow)),
        ),
        tags: "ChangeTagsForResourceRequest:AddTags{}",
        triggers: none("Terraform"),
      },
    },
    aws_route53_record: {
      request: "ResourceRecordSet",
      arguments: {
        alias: "AliasTarget",
        "alias.name": "DNSName",
        "alias.zone_id": "HostedZoneId",
        allow_overwrite: none("Terraform"),
        latency_routing_policy: ".",
        "latency_routing_policy.region": "Region",
        failover_routing_policy: ".",
        "failover_routing_policy.type": "Failover",
        records: "ResourceRecords.Value",
        weighted_routing_policy: ".",
        "weighted_routing_policy.weight": "Weight",
        zone_id: "ChangeResourceRecordSetsRequest:HostedZoneId",
      },
    },
    "data.aws_route53_zone": {
      request: "ListHostedZonesByNameRequest",
      arguments: { name: "DNSName", private_zone: none("filter"), zone_id: "HostedZoneId" },
    },
  },
};
