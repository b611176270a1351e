import { cidrsInclude } from "../aws/cidr";
import { Resolver, withoutUnknowns } from "../simulation/terraform/resolve";
import { entriesOf, type Json, listOf } from "../testing/terraform/json";
import type { StackChange } from "./deployment";

/** Who may connect to which ports, of one security group. */
export interface Port {
  readonly address: string;
  readonly group: string;
  /** `tcp`; `-1` is any. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A range of addresses, a prefix list or a security group. */
  readonly source: string;
}

/** The type of the resources that say it. */
export const INGRESS_RULE = "aws_vpc_security_group_ingress_rule";

const SOURCES = [
  ...["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"],
  ...["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "source_security_group_id"],
];

/** A security group of the same stack: what opens to it is open to nobody else. */
const INSIDE = /\|aws_security_group\./;

/** What the security groups of one side let in from outside of the stack. */
export function portsOf(stack: StackChange, which: "before" | "after"): readonly Port[] {
  const resolver = new Resolver({ [stack.name]: stack[which] });
  return SPELLINGS.flatMap(({ type, rulesIn }) =>
    entriesOf(stack[which].resource?.[type]).flatMap(([name, body]) =>
      rulesIn(resolver.resolve(body, stack.name)).flatMap((rule) =>
        SOURCES.flatMap((argument) => listOf(rule[argument]).map(String))
          .filter((source) => source !== "" && !INSIDE.test(source))
          .map((source) => ({
            address: `${type}.${name}`,
            group: named(String(rule.security_group_id ?? `${type}.${name}`)),
            protocol: String(rule.ip_protocol ?? rule.protocol),
            from: Number(rule.from_port ?? 0),
            to: Number(rule.to_port ?? 65_535),
            source: named(source),
          })),
      ),
    ),
  );
}

/** In how many ways the provider spells such a rule. Source: its documentation of these types. */
const SPELLINGS: readonly { readonly type: string; readonly rulesIn: (body: Json) => readonly Json[] }[] = [
  { type: INGRESS_RULE, rulesIn: (body) => [body] },
  { type: "aws_security_group_rule", rulesIn: (body) => (body.type === "ingress" ? [body] : []) },
  { type: "aws_security_group", rulesIn: (body) => listOf(body.ingress) },
];

/** What only AWS knows, by its address. */
function named(text: string): string {
  return withoutUnknowns(text, ({ address }) => address);
}

/** Whether other rules together let in all that this one does. */
export function isLetIn(port: Port, others: readonly Port[]): boolean {
  const sources = others.filter((other) => isOfPorts(port, other)).map(({ source }) => source);
  return cidrsInclude(sources, port.source);
}

function isOfPorts(port: Port, other: Port): boolean {
  const isAny = other.protocol === "-1";
  return (
    port.group === other.group &&
    (isAny || (port.protocol === other.protocol && port.from >= other.from && port.to <= other.to))
  );
}

/** `203.0.113.0/24 may connect to tcp port 443 of aws_security_group.entry` */
export function portText({ group, protocol, from, to, source }: Port): string {
  const ports =
    protocol === "-1"
      ? "all ports"
      : from === to
        ? `${protocol} port ${from}`
        : `${protocol} ports ${from}–${to}`;
  return `${source} may connect to ${ports} of ${group}`;
}
