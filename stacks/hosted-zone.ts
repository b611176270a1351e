import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import type { Construct } from "constructs";
import type { HostedZone } from "../config/plan/deployment";

/** Id of a hosted zone. Terraform looks it up if serving.yaml has only the name. */
export function hostedZoneId(scope: Construct, zone: HostedZone): string {
  return "id" in zone
    ? zone.id
    : new DataAwsRoute53Zone(scope, "zone", { name: zone.name, privateZone: false }).zoneId;
}
