import type { Deployment, Region, Variant } from "./deployment";

/**
 * A short account of what was declared, for each region its models, variants, boxes, zones and entry point; and the
 * next command.
 */
export function account(deployment: Deployment): string {
  const widths = columnWidths(deployment);
  const regions = deployment.regions.flatMap((region) => regionLines(region, widths));
  return [`${deployment.name}: ${stackNames(deployment)}`, "", ...regions, nextCommand(deployment)].join(
    "\n",
  );
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

function stackNames({ regions }: Deployment): string {
  const names = regions.map(({ name }) => name);
  return `stacks state, ${names.join(", ")}`;
}

function regionLines(region: Region, widths: Widths): readonly string[] {
  const { entry, network, models } = region;
  const who =
    entry.allow === "anyone-on-the-internet" ? "anyone on the internet" : entry.allowedCidrs.join(", ");
  return [
    `${region.name}  ${network.zoneCount} zones, ${entry.scheme}, ${entryPoint(region)}, open to ${who}`,
    ...models.flatMap(({ name, variants }) =>
      variants.map((variant, index) =>
        [
          `  ${(index === 0 ? name : "").padEnd(widths.model)}`,
          share(variant, variants).padEnd(widths.variant),
          `${variant.capacity.min.value}–${variant.capacity.max.value} boxes of ${variant.settings.instanceTypes.join(", ")}`,
        ].join("  "),
      ),
    ),
    "",
  ];
}

/** Where clients send requests, as far as it is known before AWS has named the load balancer. */
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

/** To a tenth, and never as nothing or all when it is not. */
function percent(weight: number, total: number): string {
  const share = (100 * weight) / total;
  if (weight > 0 && share < 0.1) {
    return "< 0.1";
  }
  return weight < total && share > 99.9 ? "> 99.9" : String(Math.round(10 * share) / 10);
}
