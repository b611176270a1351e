import { listed } from "../../config/diagnostics/text";
import type { ActionModel, DeploymentModel, GroupModel, RegionModel } from "../../simulation/model";
import { regionsLedTo } from "../global-regions";
import { servedBy } from "../sides";

/** How something differs between before and after; the page draws it so. */
export type Mark = "new" | "gone" | "changed" | "same";

/** The mark of an id: of a node, an edge or a region. Default: all are `same`. */
export type MarkOf = (id: string) => Mark;

/** Something that is drawn, by its id, with all that is written on it: what differs in that is marked as changed. */
export type Drawn = ReadonlyMap<string, string>;

/**
 * A deployment as Graphviz's language draws it: clients, the global endpoint, and for each region its load balancer, the
 * target groups with their weights, and the instances over their zones. Same deployment, same text.
 */
export function dotOf(deployment: DeploymentModel, markOf: MarkOf = () => "same"): string {
  const { nodes, edges, regions } = partsOf(deployment);
  const node = ({ id, label, kind }: Node) => {
    const mark = markOf(id);
    const said = mark === "same" ? label : `${label}\\n(${mark})`;
    return `${quoted(id)} [id=${quoted(id)} class=${quoted(`${kind} ${mark}`)} label=${quoted(said)} tooltip=${quoted(said)}]`;
  };
  const clusters = regions.map((region, index) => {
    const inside = nodes.filter((each) => each.region === region).map(node);
    const cluster = `subgraph cluster_${index} { id=${quoted(`region ${region}`)} class=${quoted(`region ${markOf(`region ${region}`)}`)} label=${quoted(region)} tooltip=${quoted(region)}`;
    return [cluster, ...inside, "}"].join("\n");
  });
  return [
    "digraph {",
    'rankdir=LR bgcolor=transparent fontname="Helvetica,Arial,sans-serif" fontsize=13 ranksep=0.7 nodesep=0.2',
    'node [shape=box style="rounded,filled" fillcolor=white fontname="Helvetica,Arial,sans-serif" fontsize=11 margin="0.3,0.1"]',
    'edge [fontname="Helvetica,Arial,sans-serif" fontsize=10 arrowsize=0.6]',
    ...nodes.filter(({ region }) => region === undefined).map(node),
    ...clusters,
    ...edges.map(
      ({ id, from, to, label, isStraight }) =>
        `${quoted(from)} -> ${quoted(to)} [id=${quoted(id)} class=${quoted(markOf(id))} label=${quoted(label)} tooltip=${quoted(`${from} to ${to} ${label}`)}${isStraight === true ? " weight=100" : ""}]`,
    ),
    "}",
  ].join("\n");
}

/** What is drawn of a deployment, to compare it with another one. */
export function drawnOf(deployment: DeploymentModel): Drawn {
  const { nodes, edges, regions } = partsOf(deployment);
  return new Map([
    ...nodes.map(({ id, label, more }): [string, string] => [id, `${label} ${more ?? ""}`]),
    ...edges.map(({ id, label }): [string, string] => [id, label]),
    ...regions.map((region): [string, string] => [`region ${region}`, region]),
  ]);
}

/** The picture in words, for whoever does not see it, with what is marked. */
export function altText(deployment: DeploymentModel, markOf: MarkOf = () => "same"): string {
  const { regions } = deployment;
  if (regions.length === 0) {
    return "No region.";
  }
  const sentences = regions.map((region) => {
    const groups = region.groups.map((group) => `${servedBy(group)} on ${size(group)}`);
    const zones = region.loadBalancers[0]?.zones.length ?? 0;
    return `In ${region.name} a load balancer over ${zones} zones leads to ${groups.length > 0 ? groups.join("; ") : "no instances"}.`;
  });
  const led = regionsLedTo(deployment);
  const away = regions.filter(({ name }) => led?.has(name) === false).map(({ name }) => name);
  const global =
    led === undefined
      ? []
      : [
          away.length === 0
            ? "A global endpoint leads to the regions."
            : `A global endpoint leads to all regions but ${listed(away.sort())}.`,
        ];
  return [...global, ...sentences, ...markedIn(deployment, markOf)].join(" ");
}

/** `New: us-east-1 gemma main.`, for each mark that is there: what is served, for its targets or instances. */
function markedIn({ regions }: DeploymentModel, markOf: MarkOf): readonly string[] {
  const served = regions.flatMap(({ name, groups }) =>
    groups.map((group) => ({
      of: `${name} ${servedBy(group)}`,
      marks: [group.address, ...group.targetGroups].map((address) => markOf(`${name} ${address}`)),
    })),
  );
  return (["new", "changed", "gone"] as const).flatMap((mark) => {
    const found = served.filter(({ marks }) => marks.includes(mark)).map(({ of }) => of);
    return found.length === 0 ? [] : [`${capitalized(mark)}: ${found.join(", ")}.`];
  });
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface Node {
  readonly id: string;
  readonly label: string;
  readonly kind: "clients" | "global" | "balancer" | "targets" | "instances";
  readonly region?: string;
  /** What differs without being drawn. */
  readonly more?: string;
}

interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether it has no bend: so clients stand beside the first region, and are seen where the picture begins. */
  readonly isStraight?: boolean;
}

interface Parts {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly regions: readonly string[];
}

const CLIENTS = "clients";
const GLOBAL = "global endpoint";

function partsOf(deployment: DeploymentModel): Parts {
  const regions = [...deployment.regions].sort((a, b) => (a.name < b.name ? -1 : 1));
  const led = regionsLedTo(deployment);
  const isGlobal = led !== undefined;
  const entry: Node[] = [
    { id: CLIENTS, label: "Clients", kind: "clients" },
    ...(isGlobal ? [{ id: GLOBAL, label: globalLabel(deployment), kind: "global" as const }] : []),
  ];
  const toGlobal: Edge[] = isGlobal ? [edge(CLIENTS, GLOBAL, "")] : [];
  const parts = regions.map((region) =>
    regionParts(region, led === undefined ? CLIENTS : led.has(region.name) ? GLOBAL : undefined),
  );
  const [first, ...others] = parts.flatMap(({ edges }) => edges);
  return {
    nodes: [...entry, ...parts.flatMap(({ nodes }) => nodes)],
    edges: [...toGlobal, ...(first === undefined ? [] : [{ ...first, isStraight: true }]), ...others],
    regions: regions.map(({ name }) => name),
  };
}

/** The shared name, and by what it chooses; of an accelerator, that it is one. */
function globalLabel({ records, endpointGroups }: DeploymentModel): string {
  if (endpointGroups.length > 0) {
    return "accelerator";
  }
  const routed = records.filter(({ policy }) => policy.kind !== "simple");
  const [routes = ""] = routed.map(({ name }) => name).sort((a, b) => a.length - b.length);
  const name =
    records.find(({ policy, to }) => policy.kind === "simple" && to.kind === "record")?.name ?? routes;
  const kinds = routed.filter((record) => record.name === routes).map(({ policy }) => policy.kind);
  return [name, ...new Set(kinds)].join("\\n");
}

function edge(from: string, to: string, label: string): Edge {
  return { id: `${from} to ${to}`, from, to, label };
}

/** @param from what leads to the load balancers; `undefined`: nothing that clients use does */
function regionParts(region: RegionModel, from: string | undefined): Omit<Parts, "regions"> {
  const { name, loadBalancers, groups } = region;
  const nodes: Node[] = [];
  const edges: Edge[] = [];
  for (const { address, zones, listeners, name: label } of loadBalancers) {
    const id = `${name} ${address}`;
    const ports = listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(", ");
    const rules = listeners.reduce((sum, each) => sum + each.rules.length, 0);
    nodes.push({
      ...{ id, kind: "balancer", region: name, more: JSON.stringify(listeners.map(({ rules: of }) => of)) },
      label: `${label}\\n${ports}\\n${rules} rules, ${zones.length} zones`,
    });
    if (from !== undefined) {
      edges.push(edge(from, id, ""));
    }
    for (const [targets, weights] of weightsOf(
      listeners.flatMap(({ rules: of, defaultAction }) => [defaultAction, ...of.map(({ action }) => action)]),
    )) {
      edges.push(
        edge(
          id,
          `${name} ${targets}`,
          [...weights]
            .sort((a, b) => a - b)
            .map((weight) => `${weight} %`)
            .join(", "),
        ),
      );
    }
  }
  const served = new Set(groups.flatMap(({ targetGroups }) => targetGroups));
  for (const { address, port, protocol, healthCheck, name: label } of region.targetGroups.filter(
    ({ address: each }) => served.has(each),
  )) {
    const group = groups.find(({ targetGroups }) => targetGroups.includes(address));
    nodes.push({
      ...{ id: `${name} ${address}`, kind: "targets", region: name, more: JSON.stringify(healthCheck) },
      label: `${group === undefined ? label : servedBy(group)}\\n${protocol} ${port}${healthCheck.path}`,
    });
  }
  for (const group of groups) {
    const id = `${name} ${group.address}`;
    nodes.push({
      ...{ id, kind: "instances", region: name, more: group.instance.version },
      label: [size(group), zonesLine(group, name)].join("\\n"),
    });
    for (const targets of group.targetGroups) {
      edges.push(edge(`${name} ${targets}`, id, ""));
    }
  }
  return { nodes, edges: edges.filter(({ to }) => nodes.some(({ id }) => id === to)) };
}

/** The weights that rules give each target group, in per cent. */
function weightsOf(actions: readonly ActionModel[]): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const action of actions) {
    const all = action.type === "forward" ? action.targetGroups : [];
    const sum = all.reduce((total, { weight }) => total + weight, 0);
    for (const { targetGroup, weight } of all) {
      const weights = found.get(targetGroup) ?? new Set();
      found.set(targetGroup, weights.add(sum === 0 ? 0 : Math.round((1000 * weight) / sum) / 10));
    }
  }
  return found;
}

function size({ min, max, instance }: GroupModel): string {
  const [type = "any type", ...others] = instance.types;
  return `${min}–${max} × ${type}${others.length > 0 ? ` or ${others.length} more` : ""}`;
}

/** More instances in a zone than these are a number. */
const MOST_DOTS = 4;

/** `a ●●  b ●  c ●`: what each zone has at min. */
function zonesLine({ min, zones }: GroupModel, region: string): string {
  const inZone = (index: number) => Math.floor(min / zones.length) + (index < min % zones.length ? 1 : 0);
  return zones
    .map((zone, index) => {
      const instances = inZone(index);
      return `${zone.replace(region, "")} ${instances > MOST_DOTS ? instances : "●".repeat(instances)}`.trim();
    })
    .join("   ");
}

/** A text of Graphviz's language, with its line breaks; a name cannot end it. */
function quoted(text: string): string {
  return `"${text
    .replaceAll(/\\(?!n)/g, "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll(/\p{Cc}/gu, " ")}"`;
}
