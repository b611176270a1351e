import type { ITerraformDependable, Precondition } from "cdktf";
import { Construct } from "constructs";
import { AFTER_BLOCK } from "../config/plan/capacity-block";
import { rememberedOf } from "../config/plan/changes";
import type {
  Account,
  Region,
  RegionGlobalEndpoint as RegionGlobalEndpointPlan,
  Rule,
  StateLocation,
} from "../config/plan/deployment";
import { outboundRules } from "../config/plan/egress";
import { inboundRules } from "../config/plan/entry";
import type { Model, Variant } from "../config/plan/model";
import { openAiBaseUrls } from "../config/plan/openai";
import { ruleConditionsOf } from "../config/plan/rule-conditions";
import { fewestInstances } from "../config/plan/schedules";
import { modelUrls } from "../config/plan/urls";
import { variantId } from "../config/plan/variant-id";
import { wayBack } from "../config/plan/way-back";
import { type ServedGroup, ServingAlarms } from "../constructs/alarms/serving-alarms";
import { VcpuQuotaCheck } from "../constructs/instance/vcpu-quota";
import { ListenerRule } from "../constructs/load-balancer/listener-rule";
import { PrefixListRoom } from "../constructs/load-balancer/prefix-list-room";
import type { TargetGroup } from "../constructs/load-balancer/target-group";
import type { WeightedForward } from "../constructs/load-balancer/weighted-forward";
import { awsProvider, boundRoles } from "./account";
import { logKeyArn } from "./log-key";
import { ModelInstances } from "./model-instances";
import { RegionCallers } from "./region-callers";
import { RegionEntry } from "./region-entry";
import { RegionGlobalEndpoint } from "./region-global-endpoint";
import { regionNetwork } from "./region-network";
import { declareOutput, regionStateKey } from "./region-outputs";
import { refuseOtherDeployment } from "./remembered";
import { ServingStack } from "./serving-stack";
import { useS3State } from "./state-backend";
import { variantTargetGroup } from "./variant-target-group";

/** Props of {@link RegionStack}. */
export interface RegionStackProps {
  readonly region: Region;
  /** Name of the deployment. */
  readonly deployment: string;
  /** Absent: whichever account the credentials are of. */
  readonly account?: Account;
  readonly state: StateLocation;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a client reads whose request no rule takes. */
const NOT_FOUND =
  "No model is served at this address: no route leads here, or the path is not among the public paths of the model's server.";

/** A variant, and the target group that its instances register with. */
interface ServedVariant {
  readonly model: Model;
  readonly variant: Variant;
  readonly scope: Construct;
  readonly targetGroup: TargetGroup;
}

/**
 * Everything that serves the models in one region. It reads no other stack, so a region can be deployed, changed and
 * lost by itself.
 */
export class RegionStack extends ServingStack {
  constructor(scope: Construct, id: string, { region, deployment, account, state, tags }: RegionStackProps) {
    super(scope, id);
    awsProvider(this, account, { region: region.name, defaultTags: [{ tags }] });
    boundRoles(this, account);
    useS3State(this, { ...state, account, key: regionStateKey(region.name) });
    refuseOtherDeployment(this, deployment, rememberedOf(region));

    const quotas = new Construct(this, "vcpu-quota");
    for (const quota of region.vcpuQuotas) {
      new VcpuQuotaCheck(quotas, quota.code, quota);
    }
    const logKey = logKeyArn(this, deployment, region);
    const network = regionNetwork(this, deployment, region, logKey);
    const served = this.servedVariants(region, network.vpcId);
    const fallback = region.models.find(
      ({ name, opens }) => name === region.entry.default && opens === "everything",
    );
    const caller = new RegionCallers(this, region.entry.callers);
    const entry = new RegionEntry(this, "entry", {
      deployment,
      plan: region.entry,
      network,
      authentication: fallback && caller.before(fallback),
      defaultAction: fallback
        ? { forwardTo: forwardTo(fallback, served) }
        : { notFound: { message: NOT_FOUND } },
      inbound: inboundRules(region),
      isHealthChecked: (region.globalEndpoint?.rules.length ?? 0) > 0,
      logKeyArn: logKey,
    });
    const rules = this.rules(region, entry, caller, served);
    if (region.modelList !== undefined) {
      new ListenerRule(this, "model-list", {
        listenerArn: entry.alb.listener.arn,
        priority: region.modelList.priority,
        conditions: ruleConditionsOf(region.modelList.conditions),
        respond: { contentType: "application/json", body: region.modelList.body },
        authentication: caller.beforeAnswer,
      });
    }
    const alarms = new ServingAlarms(this, "alarms", {
      namePrefix: deployment,
      email: region.alarms.email,
      topicArns: region.alarms.topicArns,
      scalingActivities: region.alarms.scalingActivities,
      loadBalancer: { arnSuffix: entry.alb.arnSuffix },
      groups: served.map((each) => servedGroup(region, each)),
    });
    const egressPreconditions = this.roomForEgress(region);
    for (const { model, variant, scope: variantScope, targetGroup } of served) {
      const attachedBy = rules.get(model.name) ?? entry.alb.listener;
      new ModelInstances(variantScope, "instances", {
        region,
        model,
        variant,
        network,
        logKeyArn: logKey,
        egressPreconditions,
        alb: entry.alb,
        targetGroup,
        attachedBy,
        stopRefresh: alarms.stopRefresh(variantId(model, variant)),
        tellsActivities: region.alarms.scalingActivities ? alarms.topicArns : [],
        tags,
      });
    }
    this.outputs(region, entry);
    if (region.globalEndpoint !== undefined) {
      this.globalEndpoint(deployment, region, region.globalEndpoint, entry, served);
    }
  }

  /**
   * cdktf would resolve everything once here, to find references to other stacks and to make outputs for them. A region
   * has none.
   */
  public override prepareStack(): void {
    this.ensureBackendExists();
  }

  private roomForEgress(region: Region): readonly Precondition[] | undefined {
    const prefixListIds = region.egress.map(({ to }) => to).filter((to) => to.startsWith("pl-"));
    return prefixListIds.length === 0
      ? undefined
      : new PrefixListRoom(this, "egress", {
          whose: "instances",
          prefixListIds,
          ports: 1,
          besides: outboundRules(region),
        }).preconditions;
  }

  private servedVariants({ models }: Region, vpcId: string): readonly ServedVariant[] {
    const scope = new Construct(this, "model");
    return models.flatMap((model) => {
      const modelScope = new Construct(scope, model.name);
      return model.variants.map((variant) => {
        const variantScope = new Construct(modelScope, variant.name);
        const targetGroup = variantTargetGroup(variantScope, model, variant, vpcId);
        return { model, variant, scope: variantScope, targetGroup };
      });
    });
  }

  /**
   * @returns one rule that forwards to it, by model: the same one while its routes stay, so that another route of the
   * model does not change the resources that depend on the rule
   */
  private rules(
    { rules, models }: Region,
    { alb }: RegionEntry,
    caller: RegionCallers,
    served: readonly ServedVariant[],
  ): ReadonlyMap<string, ITerraformDependable> {
    const scope = new Construct(this, "rule");
    const byId = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
    const later = new Set(rules.flatMap(({ after = [] }) => after));
    const made = new Map<string, ITerraformDependable>();
    const make = (model: Model, { id, priority, conditions, rewrite, after }: Rule): ITerraformDependable => {
      const { resource } = new ListenerRule(scope, id, {
        listenerArn: alb.listener.arn,
        priority,
        conditions: ruleConditionsOf(conditions),
        forwardTo: forwardTo(model, served),
        authentication: caller.before(model),
        rewrite,
        dependsOn: after?.flatMap((each) => made.get(each) ?? []),
      });
      made.set(id, resource);
      return resource;
    };
    return new Map(
      models.flatMap((model) => {
        const own = byId.filter((rule) => rule.model === model.name);
        for (const rule of own.filter(({ id }) => later.has(id))) {
          make(model, rule);
        }
        return own
          .filter(({ id }) => !later.has(id))
          .map((rule): [string, ITerraformDependable] => [model.name, make(model, rule)]);
      }),
    );
  }

  private globalEndpoint(
    deployment: string,
    region: Region,
    plan: RegionGlobalEndpointPlan,
    { alb }: RegionEntry,
    served: readonly ServedVariant[],
  ): void {
    const { alarms } = new RegionGlobalEndpoint(this, "global-endpoint", {
      deployment,
      region,
      plan,
      alb,
      forwardTo: (model) => forwardTo(model, served),
      targetGroupOf: (model, variant) => targetGroupOf(model, variant, served),
    });
    if (!plan.accelerated) {
      declareOutput(this, "alb_zone_id", alb.zoneId);
      declareOutput(this, "global_endpoint_alarms", alarms);
    }
  }

  private outputs(region: Region, { alb, url }: RegionEntry): void {
    declareOutput(this, "alb_dns_name", alb.dnsName);
    declareOutput(this, "alb_arn", alb.arn);
    declareOutput(this, "endpoint", url);
    const endpoint = { url, hostName: region.entry.hostName };
    const { default: fallback } = region.entry;
    declareOutput(this, "model_urls", modelUrls(region.models, fallback, endpoint));
    declareOutput(this, "openai_base_urls", openAiBaseUrls(region.models, fallback, endpoint));
  }
}

function servedGroup(
  { name, observability }: Region,
  { model, variant, targetGroup }: ServedVariant,
): ServedGroup {
  const { capacity, groupName, refresh } = variant;
  return {
    id: variantId(model, variant),
    targetGroupArnSuffix: targetGroup.arnSuffix,
    autoScalingGroupName: groupName,
    leastHealthy: capacity.leastHealthy.value,
    metricsNamespace: observability?.namespace,
    longestSilence: model.longestSilence,
    size: {
      min: fewestInstances(variant),
      launchTimeout: model.timing.launchHook.value,
      followsLoad: followsLoad(variant),
    },
    capacityBlock: blockNotice(model, variant),
    refresh: { stoppedBy: refresh.stoppedBy, wayBack: wayBack(name, model, variant) },
  };
}

/** Whether a group grows and shrinks by itself: by its requests, as waiting ones only let it grow. */
function followsLoad({ capacity, settings }: Variant): boolean {
  return capacity.scalingTarget !== undefined && settings.scaling.scaleIn;
}

function blockNotice(
  { name }: Model,
  { capacityBlock: block, groupName }: Variant,
): ServedGroup["capacityBlock"] {
  return (
    block && {
      id: block.id,
      noticeAt: block.noticeAt,
      text: `Capacity Block ${block.id} ends at ${block.until}. At ${block.emptyFrom} Auto Scaling group ${groupName} goes to no instances, and nothing serves this part of ${name} from then on: ${AFTER_BLOCK}.`,
    }
  );
}

function targetGroupOf(model: string, variant: string, served: readonly ServedVariant[]): TargetGroup {
  const found = served.find((each) => each.model.name === model && each.variant.name === variant);
  if (found === undefined) {
    throw new Error(`${model} has no variant ${variant} here`);
  }
  return found.targetGroup;
}

function forwardTo(
  { name, stickiness: { variant: stickiness } }: Model,
  served: readonly ServedVariant[],
): WeightedForward {
  return {
    targetGroups: served
      .filter(({ model }) => model.name === name)
      .map(({ variant, targetGroup }) => ({ arn: targetGroup.arn, weight: variant.weight })),
    stickiness: stickiness === undefined ? undefined : { duration: stickiness },
  };
}
