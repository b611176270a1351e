import { DataTerraformRemoteStateS3, TerraformOutput, Token } from "cdktf";
import type { Construct } from "constructs";
import type { Account, StateLocation } from "../config/plan/deployment";
import { accountSettings } from "./account";

/** Outputs of a region's stack, for people and for the global endpoint, with their descriptions. */
export const REGION_OUTPUTS = {
  alb_dns_name: "DNS name AWS gave the load balancer.",
  alb_arn:
    "ARN of the load balancer, for what is attached to it: an accelerator, or a web ACL of another tool.",
  endpoint: "Where clients send requests.",
  model_urls:
    "By model, the URL by which clients reach it: that of the first of its routes that a URL can express, one without headers or parameters if there is one.",
  openai_base_urls:
    "By model, what clients of OpenAI's API take as base_url; without models that are reached by a header.",
  alb_zone_id: "Hosted zone of the load balancer's DNS name, for the global endpoint's records.",
  global_endpoint_alarms:
    "By model and variant, the alarm that takes the region out of the global endpoint, with what it watches; for the global endpoint's health checks.",
} as const;

/** Name of an output of a region's stack. */
export type RegionOutput = keyof typeof REGION_OUTPUTS;

/** Where a region's stack keeps its state in the bucket. */
export function regionStateKey(region: string): string {
  return `${region}.tfstate`;
}

/** Declares an output of a region's stack. */
export function declareOutput(scope: Construct, name: RegionOutput, value: unknown): void {
  new TerraformOutput(scope, name.replaceAll("_", "-"), {
    description: REGION_OUTPUTS[name],
    value,
  }).overrideLogicalId(name);
}

/** An alarm of a region, as its output `global_endpoint_alarms` reports it. */
export interface ReportedAlarm {
  readonly name: string;
  /** Changes with what the alarm watches: a health check of Route 53 on the alarm then has to be updated. */
  readonly watches: string;
}

/** The outputs of a region's stack, as its last deploy left them in its state. */
export class DeployedRegion {
  readonly #state: DataTerraformRemoteStateS3;

  /** @param id of the data source; the region's name reads best */
  constructor(
    scope: Construct,
    id: string,
    region: string,
    { bucket, region: home, account }: StateLocation & { readonly account?: Account },
  ) {
    this.#state = new DataTerraformRemoteStateS3(scope, id, {
      bucket,
      region: home,
      key: regionStateKey(region),
      ...accountSettings(account),
    });
  }

  /** An output that is a string. */
  public text(output: "alb_dns_name" | "alb_zone_id" | "alb_arn"): string {
    return this.#state.getString(output);
  }

  /** @param variant id of a variant, see {@link variantId} */
  public alarm(variant: string): ReportedAlarm {
    const alarm = `${this.#state.fqn}.outputs.global_endpoint_alarms["${variant}"]`;
    return {
      name: Token.asString(`\${${alarm}.name}`),
      watches: Token.asString(`\${${alarm}.watches}`),
    };
  }
}
