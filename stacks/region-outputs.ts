import { DataTerraformRemoteStateS3, TerraformOutput, Token } from "cdktf";
import type { Construct } from "constructs";
import type { StateLocation } from "../config/plan/deployment";

/** What a region's stack tells, to people and to the global endpoint: the names of its outputs, with what they say. */
export const REGION_OUTPUTS = {
  alb_dns_name: "DNS name AWS gave the load balancer.",
  endpoint: "Where clients send requests.",
  model_urls:
    "Where each model is reached by the first of its routes that tells, one without headers or parameters if there is one.",
  alb_zone_id: "Hosted zone of the load balancer's DNS name, for the global endpoint's records.",
  alb_arn: "ARN of the load balancer, for the global endpoint's accelerator.",
  global_endpoint_alarms:
    "By model and variant, the alarm that takes the region out of the global endpoint, with what it watches; for the global endpoint's health checks.",
} as const;

/** Name of an output of a region's stack. */
export type RegionOutput = keyof typeof REGION_OUTPUTS;

/** Where a region's stack keeps its state in the bucket. */
export function regionStateKey(region: string): string {
  return `${region}.tfstate`;
}

/** Tells something of a region under a name that is known. */
export function tell(scope: Construct, name: RegionOutput, value: unknown): void {
  new TerraformOutput(scope, name.replaceAll("_", "-"), {
    description: REGION_OUTPUTS[name],
    value,
  }).overrideLogicalId(name);
}

/** An alarm of a region, as its output `global_endpoint_alarms` tells it. */
export interface ReportedAlarm {
  readonly name: string;
  readonly watches: string;
}

/** What the stack of a region told when it was last deployed. */
export class DeployedRegion {
  readonly #state: DataTerraformRemoteStateS3;

  /** @param id of the data source, best the region's name */
  constructor(scope: Construct, id: string, region: string, { bucket, region: home }: StateLocation) {
    this.#state = new DataTerraformRemoteStateS3(scope, id, {
      bucket,
      region: home,
      key: regionStateKey(region),
    });
  }

  /** One of its texts. */
  public text(output: "alb_dns_name" | "alb_zone_id" | "alb_arn"): string {
    return this.#state.getString(output);
  }

  /** One of its alarms. */
  public alarm(variant: string): ReportedAlarm {
    const told = `${this.#state.fqn}.outputs.global_endpoint_alarms["${variant}"]`;
    return {
      name: Token.asString(`\${${told}.name}`),
      watches: Token.asString(`\${${told}.watches}`),
    };
  }
}
