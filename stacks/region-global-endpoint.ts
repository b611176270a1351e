import { DataAwsEc2ManagedPrefixList } from "@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list";
import { Construct } from "constructs";
import type { Region, RegionGlobalEndpoint as RegionGlobalEndpointPlan } from "../config/plan/deployment";
import { ALARM_PERIODS } from "../config/plan/failover-times";
import type { Model } from "../config/plan/model";
import { ruleConditionsOf } from "../config/plan/rule-conditions";
import { variantId } from "../config/plan/variant-id";
import { OutOfServiceAlarm } from "../constructs/alarms/out-of-service-alarm";
import type { ApplicationLoadBalancer } from "../constructs/load-balancer/application-load-balancer";
import { DnsValidatedCertificate } from "../constructs/load-balancer/certificate";
import { ListenerRule } from "../constructs/load-balancer/listener-rule";
import type { TargetGroup } from "../constructs/load-balancer/target-group";
import type { WeightedForward } from "../constructs/load-balancer/weighted-forward";
import type { ReportedAlarm } from "./region-outputs";

/** Props of {@link RegionGlobalEndpoint}. */
export interface RegionGlobalEndpointProps {
  /** Name of the deployment. */
  readonly deployment: string;
  readonly region: Region;
  readonly plan: RegionGlobalEndpointPlan;
  readonly alb: ApplicationLoadBalancer;
  readonly forwardTo: (model: Model) => WeightedForward;
  readonly targetGroupOf: (model: string, variant: string) => TargetGroup;
}

/**
 * What a region does for the global endpoint: it has a certificate for the shared name, allows Route 53 to health-check its
 * models, and counts their healthy instances. None of this depends on where the global endpoint sends its clients.
 */
export class RegionGlobalEndpoint extends Construct {
  /** The alarm that counts the healthy instances, by variant, of each variant that a model is in service by. */
  public readonly alarms: Readonly<Record<string, ReportedAlarm>>;

  constructor(scope: Construct, id: string, props: RegionGlobalEndpointProps) {
    super(scope, id);
    this.certify(props);
    this.allowCheckers(props);
    this.rules(props);
    this.alarms = this.counts(props);
  }

  private certify({ plan: { certifiedName }, alb }: RegionGlobalEndpointProps): void {
    if (certifiedName === undefined) {
      return;
    }
    const certificate = new DnsValidatedCertificate(this, "certificate", { domainName: certifiedName });
    alb.addCertificate(this, "shown", certificate.certificateArn);
  }

  private allowCheckers({ plan: { allowsHealthCheckers }, region, alb }: RegionGlobalEndpointProps): void {
    if (allowsHealthCheckers) {
      const list = new DataAwsEc2ManagedPrefixList(this, "checkers", {
        name: `com.amazonaws.${region.name}.route53-healthchecks`,
      });
      alb.allowFromPrefixList("route53-healthchecks", list.id);
    }
  }

  private rules({ plan, region, alb, forwardTo }: RegionGlobalEndpointProps): void {
    const scope = new Construct(this, "health");
    for (const { id, model, priority, conditions, rewrite } of plan.rules) {
      const target = region.models.find(({ name }) => name === model);
      if (target !== undefined) {
        new ListenerRule(scope, id, {
          listenerArn: alb.listener.arn,
          priority,
          conditions: ruleConditionsOf(conditions),
          forwardTo: forwardTo(target),
          rewrite,
        });
      }
    }
  }

  private counts({
    deployment,
    plan,
    alb,
    targetGroupOf,
  }: RegionGlobalEndpointProps): Record<string, ReportedAlarm> {
    const scope = new Construct(this, "count");
    const alarms = plan.models.flatMap((model) =>
      model.variants.map((variant): [string, ReportedAlarm] => {
        const alarm = new OutOfServiceAlarm(scope, variantId(model, variant), {
          name: `${deployment}.${variantId(model, variant)}.out-of-service`,
          loadBalancerArnSuffix: alb.arnSuffix,
          targetGroupArnSuffix: targetGroupOf(model.name, variant.name).arnSuffix,
          leastHealthy: variant.leastHealthy.value,
          minutes: ALARM_PERIODS,
          whenUnknown: model.whenUnknown,
        });
        return [variantId(model, variant), { name: alarm.alarmName, watches: alarm.watches }];
      }),
    );
    return Object.fromEntries(alarms);
  }
}
