import { deploymentCost, type HourlyCost, scheduledCosts, variantCost } from "../plan/costs";
import type { Deployment, GlobalEndpoint, GlobalEndpointRegion, Region } from "../plan/deployment";
import { shareByWeight } from "../plan/global-endpoint";
import type { Model, Variant } from "../plan/model";
import { servedModel } from "../plan/served-model";
import { formatDollars, formatDuration } from "../units";

/**
 * A summary of what was declared: the models, variants, instances, zones and entry point of each region, and the next
 * command.
 *
 * @param besides lines of what others say of it, before the next command
 */
export function summary(deployment: Deployment, besides: readonly string[] = []): string {
  const widths = columnWidths(deployment);
  const regions = deployment.regions.flatMap((region) => regionLines(region, widths));
  return [
    `${deployment.name}: ${stackNames(deployment)}`,
    "",
    ...globalEndpointLines(deployment.globalEndpoint),
    ...regions,
    ...costLines(deployment),
    ...hubLines(deployment),
    ...besides.flatMap((line) => [line, ""]),
    nextCommand(deployment),
  ].join("\n");
}

/** What the deployment costs in an hour, and what of it is counted, at which prices. */
function costLines(deployment: Deployment): readonly string[] {
  const { atMin, atLeast, atMax, ofSurvival, unpriced, paidUpFront, standIns, dates } =
    deploymentCost(deployment);
  const standing = Object.entries(standIns).map(([region, other]) => `${region} at the prices of ${other}`);
  return [
    `${formatDollars(atMin)} an hour at min, of which ${formatDollars(ofSurvival)} for the loss of a zone or a region; ${formatDollars(atMax)} at max`,
    ...(atLeast < atMin ? [`  ${formatDollars(atLeast)} while the schedules have the fewest instances`] : []),
    `  on demand, by AWS's price lists of ${dates.join(" and ")}, without traffic, logs, metrics and discounts`,
    ...(standing.length === 0 ? [] : [`  load balancers, networks and volumes of ${standing.join(", ")}`]),
    ...(unpriced.length === 0
      ? []
      : [`  without the instances of which no price is recorded: ${unpriced.join("; ")}`]),
    ...(paidUpFront.length === 0
      ? []
      : [`  without Capacity Blocks, which are paid up front: ${paidUpFront.join(", ")}`]),
    "",
  ];
}

/** One line of all models that are to survive a loss, and whose new instances have to fetch them from the hub then. */
function hubLines({ name, regions }: Deployment): readonly string[] {
  const fetched = regions.flatMap(({ models }) =>
    models.filter(
      ({ server, survivesZone, variants }) =>
        survivesZone && variants.some(({ settings }) => servedModel(server, settings)?.place === "hub"),
    ),
  );
  const [first, ...others] = [...new Set(fetched.map((model) => model.name))];
  return first === undefined
    ? []
    : [
        `${[first, ...others].join(", ")}: fetched from the Hugging Face hub, so no new instance starts while that is away; npm run mirror -- ${first} --to s3://${name}-weights/${first}/ copies it to S3`,
        "",
      ];
}

function nextCommand({ regions }: Deployment): string {
  return `Next: npm run bootstrap, once, for the state bucket; then npx cdktf diff ${regions[0]?.name}`;
}

interface Widths {
  readonly model: number;
  readonly variant: number;
}

function columnWidths({ regions }: Deployment): Widths {
  const models = regions.flatMap(({ models }) => models);
  return {
    model: Math.max(...models.map(({ name }) => name.length)),
    variant: Math.max(
      ...models.flatMap(({ variants }) => variants.map((variant) => share(variant, variants).length)),
    ),
  };
}

function stackNames({ regions, globalEndpoint }: Deployment): string {
  const names = [
    "state",
    ...(globalEndpoint?.certified ? ["domain"] : []),
    ...regions.map(({ name }) => name),
    ...(globalEndpoint === undefined ? [] : ["global"]),
  ];
  return `stacks ${names.join(", ")}`;
}

/** The URL of the global endpoint, and the regions that it sends clients to. */
function globalEndpointLines(globalEndpoint: GlobalEndpoint | undefined): readonly string[] {
  if (globalEndpoint === undefined) {
    return [];
  }
  const scheme = globalEndpoint.protocol === "https" ? "https" : "unencrypted http";
  const served = globalEndpoint.regions.filter(({ drained }) => !drained);
  const regions = served.map((region) => shareOf(globalEndpoint, region)).join(", ");
  const ways = {
    latency: `to the nearest healthy of ${regions}`,
    failover: `to the first healthy of ${regions}`,
    weighted: `by weight to ${regions}, while healthy`,
    accelerator: `through AWS Global Accelerator to the nearest healthy of ${regions}`,
  };
  const drained = globalEndpoint.regions.filter((region) => region.drained).map(({ name }) => name);
  const loss = globalEndpoint.timing.failover ?? globalEndpoint.timing.alarmFailover;
  return [
    `global endpoint  ${scheme}://${globalEndpoint.name}, ${ways[globalEndpoint.routing]}`,
    ...(drained.length === 0 ? [] : [`  drained: ${drained.join(", ")}`]),
    ...(loss === undefined || served.length < 2
      ? []
      : [`  clients of a lost region are served elsewhere after ${formatDuration(loss.value)}`]),
    "",
  ];
}

function shareOf({ routing, regions }: GlobalEndpoint, { name, weight, dial }: GlobalEndpointRegion): string {
  if (routing === "weighted") {
    const served = regions.filter(({ drained }) => !drained);
    const share = shareByWeight(
      weight,
      served.map((region) => region.weight),
    );
    return `${name} ${percent(share, 1)} %`;
  }
  return routing === "accelerator" && dial < 100 ? `${name} at ${dial} %` : name;
}

function regionLines(region: Region, widths: Widths): readonly string[] {
  const { entry, network, models } = region;
  const allowed = [...entry.allowedCidrs, ...entry.allowedPrefixLists, ...entry.allowedSecurityGroups];
  const who = entry.allow === "anyone-on-the-internet" ? "anyone on the internet" : allowed.join(", ");
  return [
    `${region.name}  ${network.zoneCount} zones, ${entry.scheme}, ${entryPoint(region)}, open to ${who}`,
    ...models.flatMap((model) =>
      model.variants.flatMap((variant, index) => [
        [
          `  ${(index === 0 ? model.name : "").padEnd(widths.model)}`,
          share(variant, model.variants).padEnd(widths.variant),
          `${range(variant.capacity.min.value, variant.capacity.max.value, "–")} instances of ${variant.settings.instanceTypes.join(", ")}${costRange(variantCost(region, model, variant))}`,
        ].join("  "),
        ...scheduleLines(region, model, variant),
        ...blockLines(variant),
      ]),
    ),
    "",
  ];
}

function costRange(cost: HourlyCost | undefined): string {
  return cost === undefined
    ? ""
    : `, ${range(formatDollars(cost.atMin.value), formatDollars(cost.atMax.value), " to ")} an hour`;
}

/** Two ends, or one where they are the same. */
function range<T extends number | string>(from: T, to: T, between: string): string {
  return from === to ? String(from) : `${from}${between}${to}`;
}

/** The sizes from each schedule on, what they cost, and when the last of more instances serves. */
function scheduleLines(region: Region, model: Model, variant: Variant): readonly string[] {
  const costs = scheduledCosts(region, model, variant);
  return variant.schedules.map(({ name, min, max, servesAfter }, index) => {
    const later = servesAfter === undefined ? "" : `, all serving ${formatDuration(servesAfter.value)} later`;
    return `    ${range(min.value, max.value, "–")} from ${name}${later}${costRange(costs[index])}`;
  });
}

/** When the instances of a Capacity Block go. */
function blockLines({ capacityBlock: block }: Variant): readonly string[] {
  return block === undefined
    ? []
    : [
        `    all of them go at ${block.emptyFrom}, ${formatDuration(block.endsEarly.value)} before Capacity Block ${block.id} ends`,
      ];
}

/** Where clients send requests. Without a domain AWS names the load balancer at deployment. */
function entryPoint({ entry }: Region): string {
  const scheme = entry.protocol === "https" ? "https" : "unencrypted http";
  return entry.hostName === undefined
    ? `${scheme} at the load balancer's name`
    : `${scheme}://${entry.hostName}`;
}

function share({ name, weight }: Variant, variants: readonly Variant[]): string {
  const total = variants.reduce((sum, each) => sum + each.weight, 0);
  return `${name} ${percent(weight, total)} %`;
}

/** A percentage, rounded to a tenth. Shares just above 0 and just below 100 are not rounded to these. */
function percent(weight: number, total: number): string {
  const share = (100 * weight) / total;
  if (weight > 0 && share < 0.1) {
    return "< 0.1";
  }
  return weight < total && share > 99.9 ? "> 99.9" : String(Math.round(10 * share) / 10);
}
