import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { ACCELERATOR_METRICS } from "../aws/global-accelerator";
import { ROUTE53_METRICS } from "../aws/route53";
import type { Account, GlobalEndpoint, StateLocation } from "../config/plan/deployment";
import { EndpointGroupAlarms } from "../constructs/alarms/endpoint-group-alarms";
import { HealthCheckAlarms } from "../constructs/alarms/health-check-alarms";
import { Accelerator } from "../constructs/global/accelerator";
import { AliasRecord, type AliasRecordProps, type AliasTarget } from "../constructs/global/alias-record";
import { awsProvider } from "./account";
import { GlobalEndpointRecords } from "./global-endpoint-records";
import { hostedZoneId } from "./hosted-zone";
import { DeployedRegion } from "./region-outputs";
import { refuseOtherDeployment } from "./remembered";
import { ServingStack } from "./serving-stack";
import { useS3State } from "./state-backend";

/** Props of {@link GlobalStack}. */
export interface GlobalStackProps {
  readonly globalEndpoint: GlobalEndpoint;
  /** Name of the deployment. */
  readonly deployment: string;
  /** Absent: whichever account the credentials are of. */
  readonly account?: Account;
  readonly state: StateLocation;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The shared name of the regions, and the records or the accelerator that choose a region for it. It holds nothing that
 * lies in a region, so it can be deployed, and a region drained, while one of them is lost. It reads the outputs of the
 * regions from their states.
 */
export class GlobalStack extends ServingStack {
  readonly #props: GlobalStackProps;
  /**
   * The provider for the region with the metrics of accelerators. It is declared without an accelerator too: Terraform
   * needs it to destroy the alarms of an earlier one. With records nothing else uses it.
   */
  readonly #acceleratorMetrics: AwsProvider;

  constructor(scope: Construct, id: string, props: GlobalStackProps) {
    super(scope, id);
    this.#props = props;
    const { globalEndpoint, deployment, account, state, tags } = props;
    awsProvider(this, account, { region: ROUTE53_METRICS.region, defaultTags: [{ tags }] });
    this.#acceleratorMetrics = awsProvider(this, account, {
      id: "accelerator-metrics",
      alias: "accelerator-metrics",
      region: ACCELERATOR_METRICS.region,
      defaultTags: [{ tags }],
    });
    useS3State(this, { ...state, account, key: `${id}.tfstate` });
    refuseOtherDeployment(this, deployment);

    const zoneId = hostedZoneId(this, globalEndpoint.hostedZone);
    const states = new Construct(this, "deployed");
    const deployed = new Map(
      globalEndpoint.regions.map(({ name }) => [
        name,
        new DeployedRegion(states, name, name, { ...state, account }),
      ]),
    );
    const deployedRegion = (name: string) => {
      const found = deployed.get(name);
      if (found === undefined) {
        throw new Error(`${name} is no region of the global endpoint`);
      }
      return found;
    };
    new AliasRecord(this, "name", {
      zoneId,
      name: globalEndpoint.name,
      ...(globalEndpoint.routing === "accelerator"
        ? { target: this.accelerated(deployedRegion) }
        : this.recorded(zoneId, deployedRegion)),
      addresses: globalEndpoint.dualStack ? "ipv4 and ipv6" : "ipv4",
      evaluateTargetHealth: true,
    });
    this.urls();
  }

  private recorded(
    zoneId: string,
    deployedRegion: (region: string) => DeployedRegion,
  ): Pick<AliasRecordProps, "target" | "after"> {
    const { globalEndpoint, deployment } = this.#props;
    const { target, choices, healthCheckIds } = new GlobalEndpointRecords(this, "global-endpoint", {
      deployment,
      globalEndpoint,
      zoneId,
      deployedRegion,
    });
    new HealthCheckAlarms(this, "alarms", {
      namePrefix: `${deployment}.global-endpoint`,
      email: globalEndpoint.alarms.email,
      topicArns: globalEndpoint.alarms.topicArns,
      checks: Object.entries(healthCheckIds).flatMap(([region, { instances, requests }]) => [
        {
          id: `${region}-instances`,
          healthCheckId: instances,
          description: `Too few models have enough healthy instances in ${region}, and the global endpoint sends its clients to other regions: look first at the alarms of ${region}.`,
        },
        ...(requests === undefined
          ? []
          : [
              {
                id: `${region}-requests`,
                healthCheckId: requests,
                description: `Too few models answer Route 53 in ${region}, and the global endpoint sends its clients to other regions: look first at the health checks named "${deployment} ${region} <model> requests", and at the alarms of ${region}.`,
              },
            ]),
      ]),
    });
    this.output(
      "health_checks",
      "By region, the health checks that decide whether the global endpoint routes clients there: all of them have to be healthy.",
      healthCheckIds,
    );
    return { target, after: choices };
  }

  private accelerated(deployedRegion: (region: string) => DeployedRegion): AliasTarget {
    const { globalEndpoint, deployment } = this.#props;
    const { clientAffinity, flowLogs } = globalEndpoint.accelerator;
    const accelerator = new Accelerator(this, "accelerator", {
      name: deployment,
      ports: globalEndpoint.ports,
      loadBalancers: globalEndpoint.regions.map(({ name, dial }) => ({
        region: name,
        loadBalancerArn: deployedRegion(name).text("alb_arn"),
        dial,
      })),
      addresses: globalEndpoint.dualStack ? "ipv4 and ipv6" : "ipv4",
      clientAffinity,
      flowLogs,
    });
    // Not "alarms": Terraform would look in one region for those of the other, when the routing changes.
    new EndpointGroupAlarms(this, "accelerator-alarms", {
      namePrefix: `${deployment}.global-endpoint`,
      listenerArn: accelerator.listenerArn,
      email: globalEndpoint.alarms.email,
      topicArns: globalEndpoint.alarms.topicArns,
      groups: globalEndpoint.regions.map(({ name }) => ({
        region: name,
        description: `The accelerator finds the load balancer of ${name} unhealthy, and routes clients to other regions: look first at the alarms of ${name}, which show the model without a healthy instance, and if none of them is in ALARM, at the AWS Health Dashboard.`,
      })),
      provider: this.#acceleratorMetrics,
    });
    this.output(
      "static_addresses",
      "Addresses of the global endpoint, which never change.",
      accelerator.staticAddresses,
    );
    this.output(
      "endpoint_groups",
      "By region, the endpoint group whose dial drains it.",
      accelerator.endpointGroupArns,
    );
    return accelerator.target;
  }

  private urls(): void {
    const { url, modelUrls, openAiBaseUrls } = this.#props.globalEndpoint;
    this.output("endpoint", "Where clients send requests; a region that works answers.", url);
    this.output(
      "model_urls",
      "By model, the URL by which clients reach it, in a region that works: that of the first of its routes that a URL can express.",
      modelUrls,
    );
    this.output(
      "openai_base_urls",
      "By model, what clients of OpenAI's API take as base_url, in a region that works; without models that are reached by a header.",
      openAiBaseUrls,
    );
  }

  private output(name: string, description: string, value: unknown): void {
    new TerraformOutput(this, name.replaceAll("_", "-"), { description, value }).overrideLogicalId(name);
  }
}
