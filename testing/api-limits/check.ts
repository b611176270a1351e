import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { BlockReader, type KnownBlock, type Listener } from "./block-reader";
import { SERVICES } from "./services";

/** What a stack says to AWS. */
export interface ApiReport {
  readonly findings: readonly Finding[];
  /** Arguments that no table knows, after their types: `aws_lb.customer_owned_ipv4_pool`. Nothing proves them. */
  readonly unknown: readonly string[];
}

const BLOCKS: ReadonlyMap<string, KnownBlock> = new Map(
  SERVICES.flatMap(({ service, blocks }) =>
    Object.entries(blocks).map(([type, block]) => [type, { service, block }] as const),
  ),
);

/** Arguments of every resource that are Terraform's own. */
const TERRAFORMS_OWN = new Set([
  ...["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"],
  ...["region", "timeouts"],
]);

/**
 * Compares a synthesized stack with AWS's models of its services, and with limits that only AWS's documentation has:
 * kinds, words, patterns, lengths, ranges, and the members that a request has to have. A value that Terraform resolves
 * later, `${…}`, is not compared, nor is a text with one in it.
 *
 * @param stack Terraform JSON, parsed
 */
export function apiReport({ resource, data, provider }: Json): ApiReport {
  const findings: Finding[] = [];
  const unknown = new Set<string>();
  const read = (type: string, address: string, body: Json) => {
    const own = entriesOf(body).filter(([name]) => !TERRAFORMS_OWN.has(name));
    const known = BLOCKS.get(type);
    const listener: Listener = {
      find: (argument, message, source) => findings.push({ address, argument, message, source }),
      unknown: (argument) => unknown.add(`${type}.${argument}`),
    };
    if (known === undefined) {
      for (const [name] of own) {
        listener.unknown(name);
      }
    } else {
      new BlockReader(known, listener).read(Object.fromEntries(own));
    }
  };
  for (const [prefix, blocks] of [["", resource] as const, ["data.", data] as const]) {
    for (const [type, byId] of entriesOf(blocks).filter(([each]) => each.startsWith("aws_"))) {
      for (const [id, body] of entriesOf(byId)) {
        read(`${prefix}${type}`, `${prefix}${type}.${id}`, body);
      }
    }
  }
  for (const body of listOf(provider?.aws)) {
    read("provider.aws", "provider.aws", body);
  }
  return { findings, unknown: [...unknown].sort() };
}
