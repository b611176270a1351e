import { outPrice, trafficPrices } from "../aws/prices";
import { entriesOf, type Json } from "../testing/terraform/json";
import type { StackChange } from "./deployment";

/** GB a month of the whole deployment, as somebody states them: no file says them. */
export interface Traffic {
  /** Answers to clients. */
  readonly out?: number;
  /** Between instances and what is outside of their network, but for S3: through NAT gateways, both ways, or else interface endpoints. */
  readonly nat?: number;
  /** Logs that CloudWatch takes in. */
  readonly logs?: number;
}

/** What stated traffic costs for a month, in USD, before and after. */
export interface TrafficCost {
  readonly of:
    | "to clients"
    | "over the accelerator, at the least"
    | "over the accelerator, at the most"
    | "through NAT gateways or endpoints"
    | "logs";
  readonly gb: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Counts stated traffic: what load balancers process, and send to the internet where they face it; what NAT gateways process,
 * or else interface endpoints, where there are some; logs where there are groups for them. What an accelerator adds depends on where its clients are, which
 * nobody states: the least and the most of it are given.
 */
export function trafficCostOf(
  stacks: readonly StackChange[],
  { out, nat, logs }: Traffic,
): readonly TrafficCost[] {
  const { processedGb, natGb, endpointGb, logsGb, acceleratorGb } = trafficPrices;
  const bodies = (which: Which, type: string): readonly Json[] =>
    stacks
      .flatMap((stack) => entriesOf(stack[stack.isLeft ? "before" : which].resource?.[type]))
      .map(([, body]) => body);
  const toClients = (which: Which, gb: number) => {
    const loadBalancers = bodies(which, "aws_lb");
    const isPublic = loadBalancers.some(({ internal }) => String(internal) !== "true");
    return loadBalancers.length === 0 ? 0 : gb * processedGb + (isPublic ? outPrice(gb) : 0);
  };
  const outside = (which: Which, gb: number) => {
    const endpoints = bodies(which, "aws_vpc_endpoint");
    const isInterface = endpoints.some(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    return gb * (bodies(which, "aws_nat_gateway").length > 0 ? natGb : isInterface ? endpointGb : 0);
  };
  const logged = (which: Which, gb: number) =>
    bodies(which, "aws_cloudwatch_log_group").length > 0 ? gb * logsGb : 0;
  const accelerated = (which: Which) => bodies(which, "aws_globalaccelerator_accelerator").length > 0;
  const overIt = (usd: number) => (which: Which, gb: number) => (accelerated(which) ? gb * usd : 0);
  const isAccelerated = accelerated("before") || accelerated("after");
  const all = [
    { of: "to clients", gb: out, price: toClients },
    ...(isAccelerated
      ? ([
          { of: "over the accelerator, at the least", gb: out, price: overIt(acceleratorGb.least) },
          { of: "over the accelerator, at the most", gb: out, price: overIt(acceleratorGb.most) },
        ] as const)
      : []),
    { of: "through NAT gateways or endpoints", gb: nat, price: outside },
    { of: "logs", gb: logs, price: logged },
  ] as const;
  return all.flatMap(({ of, gb, price }) =>
    gb === undefined ? [] : [{ of, gb, before: price("before", gb), after: price("after", gb) }],
  );
}

type Which = "before" | "after";
