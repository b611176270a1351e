import type { Finding } from "../finding";
import { entriesOf, type Json, listOf } from "../terraform/json";
import { BlockReader, type KnownBlock, type Listener } from "./block-reader";
import { SERVICES } from "./services";

/** What a stack says to AWS. */
export interface ApiReport {
  readonly findings: readonly Finding[];
  /** Arguments that no table knows, after their types: `aws_lb.enable_cross_zone_load_balancing`. Nothing proves them. */
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

/**
 * A finding for each type of AWS, and each argument of one, that no table compares with its API.
 *
 * @param unchecked those that are known to be so: a type, or an argument after its type
 */
export function uncheckedFindings(stack: Json, unchecked: readonly string[]): readonly Finding[] {
  const findings = apiReport(stack).unknown.map((path): Finding => {
    const [, address = "", argument = ""] = /^((?:data\.|provider\.)?\w+)\.(.+)$/.exec(path) ?? [];
    return BLOCKS.has(address)
      ? {
          address,
          argument,
          message: "is compared with nothing, so nothing shows that AWS takes it",
          source: TABLES,
        }
      : {
          address,
          argument: "",
          message: "is a type that is compared with nothing, so nothing shows that AWS takes what it says",
          source: TABLES,
        };
  });
  const isKnown = ({ address, argument }: Finding) =>
    unchecked.some((each) => each === address || `${address}.${argument}.`.startsWith(`${each}.`));
  const first = new Map(findings.map((finding) => [`${finding.address}.${finding.argument}`, finding]));
  return [...first.values()].filter((finding) => !isKnown(finding));
}

const TABLES = "testing/api-limits/services; name it in toFitTheApi([…]) if you looked at it yourself";
