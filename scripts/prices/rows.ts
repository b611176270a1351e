import type { ServicePrices } from "../../aws/prices";

/** A row of an offer file, by the names of its columns. */
export type Row = (column: string) => string | undefined;

/** The offers with the prices that the project records. */
export const OFFERS = ["AmazonEC2", "AWSELB", "AmazonVPC"] as const;

/** What a row has the price of: an instance type, or a service. */
export type Priced = { readonly type: string } | { readonly service: keyof ServicePrices };

/** Columns and their values, or forms of them. */
type Match = Readonly<Record<string, string | RegExp>>;

/**
 * An hour of Linux, with shared tenancy, no licensed software, and no reservation that stands unused.
 * Source: AWS Price List user guide, "Reading the service price list files", and the file of AmazonEC2.
 */
const INSTANCE: Match = {
  Tenancy: "Shared",
  "Operating System": "Linux",
  "Pre Installed S/W": "NA",
  CapacityStatus: "Used",
  operation: "RunInstances",
  Unit: "Hrs",
};

/** Usage types begin with a code of the region, but in us-east-1: `EUC1-NatGateway-Hours`. */
const SERVICES: Readonly<Record<keyof ServicePrices, Match>> = {
  loadBalancerHour: {
    "Product Family": "Load Balancer-Application",
    operation: "LoadBalancing:Application",
    usageType: /^([A-Z]{2,4}\d-)?LoadBalancerUsage$/,
  },
  natGatewayHour: {
    "Product Family": "NAT Gateway",
    operation: "NatGateway",
    usageType: /^([A-Z]{2,4}\d-)?NatGateway-Hours$/,
  },
  interfaceEndpointHour: { operation: "VpcEndpoint", usageType: /^([A-Z]{2,4}\d-)?VpcEndpoint-Hours$/ },
  publicAddressHour: { usageType: /^([A-Z]{2,4}\d-)?PublicIPv4:InUseAddress$/ },
  gp3GbMonth: { usageType: /^([A-Z]{2,4}\d-)?EBS:VolumeUsage\.gp3$/ },
};

/** What a row has the on-demand price of; `undefined` when that is not recorded. */
export function pricedBy(row: Row): Priced | undefined {
  if (row("TermType") !== "OnDemand") {
    return undefined;
  }
  const type = row("Instance Type");
  if (type !== undefined && type !== "" && matches(row, INSTANCE)) {
    return { type };
  }
  const service = SERVICE_NAMES.find((name) => matches(row, SERVICES[name]));
  return service && { service };
}

const SERVICE_NAMES = Object.keys(SERVICES) as readonly (keyof ServicePrices)[];

function matches(row: Row, wanted: Match): boolean {
  return Object.entries(wanted).every(([column, value]) => {
    const found = row(column) ?? "";
    return typeof value === "string" ? found === value : value.test(found);
  });
}
