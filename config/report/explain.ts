import type { Accepted } from "../checks/accept";
import { formatPath } from "../diagnostics/diagnostic";
import { listed, visible } from "../diagnostics/text";
import { containerCommand } from "../plan/container-command";
import { entryCost, type HourlyCost, variantCost } from "../plan/costs";
import type { Deployment, GlobalEndpoint, Region } from "../plan/deployment";
import type { Derived } from "../plan/derived";
import { type GpuRoom, gpuRooms } from "../plan/gpu-rooms";
import type { Model, Variant } from "../plan/model";
import { clientAddress, servedName, speaksOpenAi } from "../plan/openai";
import { pathsSource, pathText } from "../plan/public-paths";
import { cachesLeftOut } from "../plan/run";
import { serverTls } from "../plan/server-start";
import { urlOf } from "../plan/urls";
import { wayBack } from "../plan/way-back";
import { formatDuration, formatSize } from "../units";
import type { DerivedText } from "./derived-text";
import { blockText, scheduleTexts } from "./scheduled-texts";

/** Derived numbers that belong together: those of a load balancer, a model, or a variant in a region. */
export interface Explanation {
  /** Absent for the numbers of the global endpoint over all regions. */
  readonly region?: string;
  /** Absent for the numbers of the load balancer and of the global endpoint. */
  readonly model?: string;
  /** Absent for the numbers that all variants of a model share. */
  readonly variant?: string;
  readonly numbers: Readonly<Record<string, Derived>>;
  /** What else is derived: texts, not numbers. */
  readonly texts?: Readonly<Record<string, DerivedText>>;
  /** Of a variant: what follows `docker run` on its instances, quoted for a shell, one option or argument an item. */
  readonly dockerRun?: readonly string[];
}

/** Every derived number of a deployment with its rule, its inputs and its source. */
export function explain({ regions, globalEndpoint }: Deployment): readonly Explanation[] {
  const ofRegions = regions.flatMap((place): readonly Explanation[] => {
    const { name: region, entry, models } = place;
    return [
      {
        region,
        numbers: {
          ...entry.timing,
          ...withoutGaps({
            requestsOfAddress: entry.waf?.requestsOfAddress,
            requestsOfKey: entry.waf?.requestsOfKey,
          }),
          ...entryCostNumbers(place),
        },
      },
      ...models.flatMap((each) => [
        {
          region,
          model: each.name,
          numbers: { ...each.timing },
          texts: {
            ...openAiText(place, globalEndpoint, each),
            publicPaths: publicPathsText(each),
            toInstance: toInstanceText(each),
          },
        },
        ...each.variants.map((variant) => ({
          region,
          model: each.name,
          variant: variant.name,
          numbers: withoutGaps({
            zones: variant.zones,
            ...variant.capacity,
            blockEndsEarly: variant.capacityBlock?.endsEarly,
            inServiceWith: leastForGlobalEndpoint(place, each.name, variant.name),
            volume: variant.volume,
            ...costNumbers(variantCost(place, each, variant)),
          }),
          texts: {
            probe: probeText(each, variant),
            rollout: rolloutText(region, each, variant),
            ...blockText(each, variant),
            ...scheduleTexts(place, each, variant),
            ...memoryTexts(each, variant),
            ...runTexts(each, variant),
          },
          dockerRun: containerCommand(place, each, variant),
        })),
      ]),
    ];
  });
  return globalEndpoint === undefined ? ofRegions : [{ numbers: globalEndpoint.timing }, ...ofRegions];
}

/** A load balancer and a network have one size. */
function entryCostNumbers(region: Region): Readonly<Record<string, Derived>> {
  const { atMin, ofSurvival } = entryCost(region);
  return { cost: atMin, costOfSurvival: ofSurvival };
}

function costNumbers(cost: HourlyCost | undefined): Readonly<Record<string, Derived>> {
  return cost === undefined
    ? {}
    : { costAtMin: cost.atMin, costAtMax: cost.atMax, costOfSurvival: cost.ofSurvival };
}

/** The fewest healthy instances of a variant with which its region is in service; undefined when they do not count for the global endpoint. */
function leastForGlobalEndpoint(
  { globalEndpoint }: Region,
  model: string,
  variant: string,
): Derived | undefined {
  const counted = globalEndpoint?.models.find(({ name }) => name === model);
  return counted?.variants.find(({ name }) => name === variant)?.leastHealthy;
}

/** What a client of OpenAI's API is configured with; nothing for a model that has no such API. */
function openAiText(
  { entry, models, modelList }: Region,
  globalEndpoint: GlobalEndpoint | undefined,
  model: Model,
): Readonly<Record<string, DerivedText>> {
  const host = entry.hostName ?? "<alb_dns_name>";
  const here = { url: urlOf(entry.protocol, host), hostName: entry.hostName };
  const everywhere = globalEndpoint?.models.includes(model.name) && {
    url: globalEndpoint.url,
    hostName: globalEndpoint.name,
  };
  const address = clientAddress(model, entry.default, everywhere || here, modelList !== undefined);
  if (address === undefined) {
    return {};
  }
  const headers = Object.entries(address.headers).map(([name, value]) => `${name}: ${value}`);
  const needed = headers.length === 0 ? "" : `, with the header ${headers.join(" and ")}`;
  const named =
    address.model ??
    (address.listUrl === undefined ? "the name that its server has" : `what GET ${address.listUrl} answers`);
  const alike = models
    .filter((each) => each.name !== model.name && speaksOpenAi(each) && servedName(each) === address.model)
    .map(({ name }) => name);
  const shared =
    address.model === undefined || alike.length === 0
      ? ""
      : `, as that of ${listed(alike)} is: the list of models has it once`;
  return {
    base_url: {
      value: address.baseUrl,
      rule: `of OpenAI's clients${needed}; their model is ${named}${shared}`,
      source: "docs/one-endpoint.md",
    },
  };
}

/** What callers may request of a server: by the routes that say no path, and by those that do. */
function publicPathsText({ server, opens, ownPaths }: Model): DerivedText {
  const own =
    ownPaths.length === 0
      ? ""
      : `; routes with a path of their own open that, whatever this list says: ${ownPaths.join(" ")}`;
  if (opens === "everything") {
    return {
      value: "every path",
      rule: `publicPaths: every-path-of-the-server; also what changes or stops the server${own}`,
      source: "serving.yaml",
    };
  }
  const groups = opens.map(({ methods, paths }) => `${methods.join(", ")} ${paths.map(pathText).join(" ")}`);
  return {
    value: String(opens.reduce((sum, { paths }) => sum + paths.length, 0)),
    rule: `${groups.join("; ")}${own}`,
    source: pathsSource(server),
  };
}

function probeText({ protocol, healthPath, healthPort }: Model, { probe }: Variant): DerivedText {
  if (typeof probe === "string") {
    const health = protocol === "grpc" ? `port ${healthPort} accepts a connection` : `${healthPath} answers`;
    return { value: "none", rule: `an instance enters service when ${health}`, source: "serving.yaml" };
  }
  const { path, port, body, expect, source } = probe;
  const request = [`:${port}${path}`, body].filter((part) => part !== undefined).join(" ");
  const answer = expect === undefined ? "answered" : `answered with ${expect}`;
  return {
    value: body === undefined ? "GET" : "POST",
    rule: `${request}: an instance enters service when this is ${answer}`,
    source,
  };
}

/** Protocol between the load balancer and the instances, and why it is unencrypted, if it is. */
function toInstanceText(model: Model): DerivedText {
  const { targetPort, targetProtocol, targetOptimizer } = model;
  const tls = serverTls(model);
  if (targetProtocol === "HTTP") {
    const why = targetOptimizer === undefined && tls?.by === "none" ? tls.why : "targetTls is not set";
    return {
      value: "http",
      rule: `to port ${targetPort}, unencrypted within the VPC, and open to the load balancer's security group only: ${why}`,
      source: "docs/instance.md",
    };
  }
  const who = targetOptimizer === undefined ? "the server itself" : "Target Optimizer's agent";
  return {
    value: "https",
    rule: `to port ${targetPort}, where ${who} uses TLS, with a self-signed certificate of the instance, which the load balancer does not verify`,
    source: targetOptimizer === undefined ? (tls?.source ?? "serving.yaml") : TARGET_OPTIMIZER_SOURCE,
  };
}

/** What stops a rollout, and what that leaves behind. */
function rolloutText(region: string, model: Model, variant: Variant): DerivedText {
  const alarms = [...variant.refresh.stoppedBy, ...model.rollout.alarms];
  const stoppedBy = [...alarms, "an hour without progress"].join(", ");
  return {
    value: "no rollback",
    rule: `stopped by ${stoppedBy}; the group then stays on the new version, of which every later launch is: ${wayBack(region, model, variant)}`,
    source: "Auto Scaling user guide, Undo changes with a manual or auto rollback",
  };
}

/** How the model takes the GPUs of each type. */
function memoryTexts({ server }: Model, { settings }: Variant): Readonly<Record<string, DerivedText>> {
  return Object.fromEntries(
    gpuRooms(settings, server).map(({ type, fit }) => [
      type,
      {
        value: fit.doubt === undefined ? "fits" : "may fit",
        rule: [memoryRule(fit), fit.idleGpus > 0 ? `${fit.idleGpus} GPUs are not used` : ""]
          .filter((part) => part !== "")
          .join("; "),
        source: "docs/capacity-and-timing.md",
      },
    ]),
  );
}

function memoryRule({ room, memory, longestContext }: GpuRoom["fit"]): string {
  if (room === undefined) {
    const kv = longestContext === undefined ? "" : `, a context of up to ${longestContext} tokens`;
    return `each GPU: model and server take ${tenths(memory?.perGpuGiB ?? 0)} GiB, with the KV cache of the stated requests${kv}`;
  }
  const { weightsGiB, overheadGiB, kvGiB, gpuGiB, takenGiB, tokens, requestGiB } = room;
  const requests =
    requestGiB === 0 ? "" : `, ${tenths(kvGiB.likely / requestGiB)} requests of the longest context`;
  return `each GPU: weights ${tenths(weightsGiB.likely)}, server ${range(overheadGiB)}, KV cache ${range(kvGiB)} of the ${tenths(takenGiB)} GiB that the server takes of ${tenths(gpuGiB)}: ${Number.isFinite(tokens.likely) ? `about ${tokens.likely} tokens` : "no tokens are kept"}${requests}`;
}

const range = ({ least, most }: { readonly least: number; readonly most: number }) =>
  `${tenths(Math.max(0, least))} to ${tenths(Math.max(0, most))}`;
const tenths = (value: number) => String(Math.round(value * 10) / 10);

/** What a `run` line has that the instance does by itself. */
function runTexts(model: Model, variant: Variant): { readonly run?: DerivedText } {
  const caches = cachesLeftOut(model.server, variant.settings);
  return caches.length === 0
    ? {}
    : {
        run: {
          value: "left out",
          rule: `the mounts at ${caches.join(", ")}: the instance keeps the server's caches itself`,
          source: "docs/serving-yaml.md",
        },
      };
}

const TARGET_OPTIMIZER_SOURCE =
  "ELB user guide, Register targets with your Application Load Balancer target group, Target Optimizer";

function withoutGaps(
  numbers: Readonly<Record<string, Derived | undefined>>,
): Readonly<Record<string, Derived>> {
  const given = Object.entries(numbers).flatMap(([name, number]): [string, Derived][] =>
    number === undefined ? [] : [[name, number]],
  );
  return Object.fromEntries(given);
}

/** A warning that the file accepts, as programs read it. */
export interface AcceptedWarning {
  /** What it is about, as people write it: `models.llama.capacity.max`. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Why it is accepted, in the file's own words. */
  readonly reason: string;
}

/** The warnings that a file accepts, in the order of their paths. */
export function acceptedWarnings(accepted: readonly Accepted[]): readonly AcceptedWarning[] {
  return accepted
    .map(({ warning: { path, code, message }, reason }) => ({
      path: formatPath(path),
      code,
      message,
      reason,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The explanations as a table, with the inputs and the source under each number; then the accepted warnings. */
export function explanationTable(
  explanations: readonly Explanation[],
  accepted: readonly AcceptedWarning[] = [],
): string {
  return [...explanations.map(section), ...(accepted.length === 0 ? [] : [acceptedSection(accepted)])].join(
    "\n\n",
  );
}

function acceptedSection(accepted: readonly AcceptedWarning[]): string {
  const lines = accepted.flatMap(({ path, code, message, reason }) => [
    `  ${path}  ${message}  [${code}]`,
    `    accepted: ${reason}`,
  ]);
  return ["accepted warnings", ...lines.map(visible)].join("\n");
}

function section({ region, model, variant, numbers, texts = {}, dockerRun = [] }: Explanation): string {
  const title = [model, variant].filter((part) => part !== undefined).join(" / ");
  const rows = [
    ...Object.entries(numbers).map(([name, number]) => ({
      name,
      value: shown(number),
      rule: rule(number),
      reasons: [inputs(number), number.source].filter((part) => part !== "").join(" · "),
    })),
    ...Object.entries(texts).map(([name, text]) => ({ name, ...text, reasons: text.source })),
  ];
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(...rows.map(({ value }) => value.length));
  const indent = " ".repeat(nameWidth + valueWidth + 6);
  const lines = rows.flatMap(({ name, value, rule, reasons }) => [
    `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}  ${rule}`,
    `${indent}${reasons}`,
  ]);
  const heading =
    region === undefined ? "global endpoint" : `${title === "" ? "load balancer" : title} in ${region}`;
  // Each line but the last ends in a backslash, so that all can be pasted into a shell.
  const command = dockerRun.length === 0 ? [] : [["docker run", ...dockerRun].join(` \\\n    `)];
  return [heading, ...lines, ...command.map((text) => `  ${text}`)].join("\n");
}

function rule(number: Derived): string {
  return number.insteadOf === undefined
    ? number.rule
    : `written in serving.yaml instead of the derived ${quantity(number.insteadOf, number.unit)}: ${number.rule}`;
}

function inputs({ inputs: given, unit }: Derived): string {
  return Object.entries(given)
    .map(([name, value]) => `${name} = ${inputText(name, value, unit)}`)
    .join(", ");
}

/** A price of an hour has as many digits as AWS gives it. */
function inputText(name: string, value: number, unit: Derived["unit"]): string {
  switch (unit) {
    case "s":
      return inputQuantity(name, value);
    case "USD/h":
      return String(Number(value.toFixed(5)));
    default:
      return String(rounded(value));
  }
}

/** A threshold is a count, also as an input of a time. */
function inputQuantity(name: string, value: number): string {
  return name.endsWith("Threshold") ? String(value) : formatDuration(value);
}

function shown({ value, unit }: Derived): string {
  return quantity(value, unit);
}

function quantity(value: number, unit: Derived["unit"]): string {
  switch (unit) {
    case "s":
      return formatDuration(value);
    case "GiB":
      return formatSize(value);
    case "":
      return String(value);
    default:
      return `${rounded(value)} ${unit}`;
  }
}

/** Rounded to a thousandth. */
function rounded(value: number): number {
  return Math.round(1000 * value) / 1000;
}
