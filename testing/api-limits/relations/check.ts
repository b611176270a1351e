import type { Finding } from "../../finding";
import { blocksIn, type Json, numberOf, resourcesOf } from "../../terraform/json";
import { autoScaling } from "./auto-scaling";
import { loadBalancing } from "./load-balancing";
import { monitoring } from "./monitoring";
import { names } from "./names";
import { network } from "./network";
import { applies, type Relation } from "./rule";
import { storage } from "./storage";
import { UNIQUE } from "./unique";

const RELATIONS: readonly (readonly [string, readonly Relation[]])[] = [
  ...[autoScaling, loadBalancing, monitoring, names, network, storage],
].flatMap((table) => Object.entries(table));

/**
 * Arguments of a stack that AWS or the provider does not take together, and resources that cannot both be there.
 *
 * @param stack Terraform JSON, parsed
 */
export function relationFindings(stack: Json): readonly Finding[] {
  const data = { resource: stack.data };
  return [
    ...RELATIONS.flatMap(([type, relations]) => {
      const isData = type.startsWith("data.");
      const resources = isData ? resourcesOf(data, type.slice("data.".length)) : resourcesOf(stack, type);
      return resources.flatMap(([id, body]) =>
        relations.flatMap((relation) => broken(relation, body, `${type}.${id}`)),
      );
    }),
    ...UNIQUE.flatMap(({ type, by, source }) => {
      const first = new Map<string, string>();
      return resourcesOf(stack, type).flatMap(([id, body]) => {
        const values = by.map((argument) => body[argument] ?? null);
        // Those of another region or account are others.
        const key = JSON.stringify([
          ...values.map((value) => numberOf(value) ?? value),
          body.provider,
          body.region,
        ]);
        const other = first.get(key);
        first.set(key, other ?? id);
        // One for each of several, or one without a name.
        const isOpen =
          body.count !== undefined || body.for_each !== undefined || values.every((value) => value === null);
        return other === undefined || isOpen
          ? []
          : [
              {
                address: `${type}.${id}`,
                argument: "",
                message: `has the same ${by.join(", ")} as ${type}.${other}`,
                source,
              },
            ];
      });
    }),
  ];
}

function broken(relation: Relation, resource: Json, address: string): readonly Finding[] {
  return bodiesAt(resource, relation.block)
    .filter(([, body]) => applies(relation, body))
    .flatMap(([argument, body]) =>
      relation.rules.flatMap((rule) =>
        rule(body).map((message) => ({ address, argument, message, source: relation.source })),
      ),
    );
}

/** The blocks of a path, each with its own path: with its number where there are several. */
function bodiesAt(body: Json, block: string | undefined, path = ""): readonly (readonly [string, Json])[] {
  if (block === undefined || block === "") {
    return [[path, body]];
  }
  const [name = "", ...inner] = block.split(".");
  const blocks = blocksIn(body, name);
  return blocks.flatMap((each, place) => {
    const here = `${path === "" ? "" : `${path}.`}${name}${blocks.length > 1 ? `[${place}]` : ""}`;
    return bodiesAt(each, inner.join("."), here);
  });
}
