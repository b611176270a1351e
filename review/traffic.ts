import { trafficPrices } from "../aws/prices";
import { entriesOf, type Json } from "../testing/terraform/json";
import type { StackChange } from "./deployment";

/** GB a month of the whole deployment, as somebody states them: no file says them. */
export interface Traffic {
  /** Answers to clients. */
  readonly out?: number;
  /** Through NAT gateways, both ways. */
  readonly nat?: number;
  /** Logs that CloudWatch takes in. */
  readonly logs?: number;
}

/** What stated traffic costs for a month, in USD, before and after. */
export interface TrafficCost {
  readonly of: "to clients" | "through NAT gateways" | "logs";
  readonly gb: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Counts stated traffic: what load balancers process, and send to the internet where they face it, what NAT gateways process
 * where there are some, and logs where there are groups for them.
 */
export function trafficCostOf(
  stacks: readonly StackChange[],
  { out, nat, logs }: Traffic,
): readonly TrafficCost[] {
  const { outGb, processedGb, natGb, logsGb } = trafficPrices;
  const bodies = (which: "before" | "after", type: string): readonly Json[] =>
    stacks
      .flatMap((stack) => entriesOf(stack[stack.isLeft ? "before" : which].resource?.[type]))
      .map(([, body]) => body);
  const toClients = (which: "before" | "after") => {
    const loadBalancers = bodies(which, "aws_lb");
    const isPublic = loadBalancers.some(({ internal }) => String(internal) !== "true");
    return loadBalancers.length === 0 ? 0 : processedGb + (isPublic ? outGb : 0);
  };
  const where = (type: string, price: number) => (which: "before" | "after") =>
    bodies(which, type).length === 0 ? 0 : price;
  const all = [
    { of: "to clients", gb: out, price: toClients },
    { of: "through NAT gateways", gb: nat, price: where("aws_nat_gateway", natGb) },
    { of: "logs", gb: logs, price: where("aws_cloudwatch_log_group", logsGb) },
  ] as const;
  return all.flatMap(({ of, gb, price }) =>
    gb === undefined ? [] : [{ of, gb, before: gb * price("before"), after: gb * price("after") }],
  );
}
