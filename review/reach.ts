import type { GroupModel, RegionModel } from "../simulation/model";
import { entriesOf, type Json, listOf } from "../testing/terraform/json";
import type { StackChange } from "./deployment";
import { templateOf } from "./money";
import { INGRESS_RULE } from "./ports";
import { type RegionSides, servedBy } from "./sides";

const EGRESS_RULE = "aws_vpc_security_group_egress_rule";

/** The types of the resources that say who reaches whom. */
export const SECURITY_RULES: ReadonlySet<string> = new Set([INGRESS_RULE, EGRESS_RULE]);

/** Groups of instances that a load balancer reached, or that reached something outside, and that no rule lets do so any more. */
export function cutOff(stack: StackChange, { before, after }: RegionSides): readonly string[] {
  return (before?.groups ?? [])
    .filter(({ address }) => after?.groups.some((group) => group.address === address))
    .filter(
      (group) =>
        (isReached(stack.before, before, group) && !isReached(stack.after, after, group)) ||
        (hasWayOut(stack.before, group) && !hasWayOut(stack.after, group)),
    )
    .map(servedBy);
}

/** Whether rules lead from a load balancer to all ports of a group: those of its targets, and of their health checks. */
function isReached(json: Json, region: RegionModel | undefined, group: GroupModel): boolean {
  const own = securityGroupsOf(templateOf(json, group));
  const ports = (region?.targetGroups ?? [])
    .filter(({ address }) => group.targetGroups.includes(address))
    .flatMap(({ port, healthCheck }) => [port, healthCheck.port ?? port]);
  const entry = entrySecurityGroups(json);
  return ports.every(
    (port) =>
      allows(json, { type: INGRESS_RULE, of: own, peers: entry, port }) &&
      allows(json, { type: EGRESS_RULE, of: entry, peers: own, port }),
  );
}

/** The security groups of load balancers. */
export function entrySecurityGroups(json: Json): readonly string[] {
  return ["aws_lb", "aws_alb"]
    .flatMap((type) => entriesOf(json.resource?.[type]))
    .flatMap(([, body]) => securityGroupsOf({ vpc_security_group_ids: body.security_groups }));
}

/** Whether instances may begin a connection to anybody. */
function hasWayOut(json: Json, group: GroupModel): boolean {
  const own = securityGroupsOf(templateOf(json, group));
  return rulesOf(json, EGRESS_RULE, own).length > 0;
}

interface Way {
  readonly type: string;
  /** The security groups that have the rule. */
  readonly of: readonly string[];
  /** Those at the other end. A range of addresses or a prefix list may be theirs. */
  readonly peers: readonly string[];
  readonly port: number;
}

function allows(json: Json, { type, of, peers, port }: Way): boolean {
  return rulesOf(json, type, of).some(
    ({ ip_protocol, from_port, to_port, referenced_security_group_id: peer }) =>
      (String(ip_protocol) === "-1" || (Number(from_port) <= port && port <= Number(to_port))) &&
      (peer === undefined || peer === null || peers.some((each) => securityGroupsIn(peer).includes(each))),
  );
}

function rulesOf(json: Json, type: string, groups: readonly string[]): readonly Json[] {
  return entriesOf(json.resource?.[type])
    .map(([, body]) => body)
    .filter(({ security_group_id }) =>
      securityGroupsIn(security_group_id).some((each) => groups.includes(each)),
    );
}

/** The security groups of a launch template. */
function securityGroupsOf(template: Json): readonly string[] {
  return [
    ...listOf(template?.vpc_security_group_ids),
    ...listOf(template?.network_interfaces).flatMap(({ security_groups }: Json) => listOf(security_groups)),
  ].flatMap(securityGroupsIn);
}

function securityGroupsIn(value: Json): readonly string[] {
  return String(value ?? "").match(/\baws_security_group\.[\w-]+|^sg-\w+$/g) ?? [];
}

/** Whether route tables that stay had their way out by a NAT gateway, and have none. */
export function losesWayOut({ before, after }: StackChange, nat: string): boolean {
  const routesOf = (json: Json) => entriesOf(json.resource?.aws_route).map(([, body]) => body);
  const through = routesOf(before).filter((route) => String(route.nat_gateway_id).includes(`${nat}.`));
  const tables = through.map((route) => String(route.route_table_id));
  const still = routesOf(after).map((route) => String(route.route_table_id));
  const isThere = (table: string) => {
    const [, name = ""] = /\baws_route_table\.([\w-]+)/.exec(table) ?? [];
    return name === "" || after.resource?.aws_route_table?.[name] !== undefined;
  };
  return tables.length === 0 || tables.some((table) => isThere(table) && !still.includes(table));
}
