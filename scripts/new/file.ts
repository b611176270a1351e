import { Document } from "yaml";
import type { WarningCode } from "../../config/diagnostics/diagnostic";
import { type Architecture, readArchitecture } from "../../config/gpu/model-config/read";
import { longestContextOn } from "../../config/plan/serving-memory";
import { taskByName, taskOfClass } from "../../config/plan/task";
import { LONGEST_DEPLOYMENT_NAME } from "../../config/schema/deployment";
import { presetOf } from "../../config/servers/presets";
import type { Answers } from "./answers";
import { IMAGES } from "./answers";
import type { ModelFacts } from "./facts";

/** On what a model of a new file runs. */
export interface Chosen {
  readonly instanceTypes: readonly string[];
  readonly tensorParallel: number;
  /** Zones that have these types, 2 or 3. */
  readonly zones: number;
}

/** Longest context that a new file asks for, if the model has more. */
const CONTEXT = 8192;

/** A usual request of a chat, until it is measured. */
const TYPICAL = { promptTokens: 1500, answerTokens: 300 };

/** A warning that a new file accepts where it has it. */
interface Acceptance {
  readonly reason: string;
  /** The part of the file that accepts it. */
  readonly under: "model" | "region";
  /** Whether a choice without it is better. Those that are none every file without measurements has. */
  readonly isDoubt: boolean;
}

const MEASURED_LATER = "until instances run; then npm run measured says what to write";

/** Warnings that a new file accepts, and why. */
export const ACCEPTED = {
  "load-time-estimated": { reason: MEASURED_LATER, under: "model", isDoubt: false },
  "requests-estimated": { reason: MEASURED_LATER, under: "model", isDoubt: false },
  "refresh-outlasts-cancel": {
    reason: "follows from the estimate of loadTime",
    ...{ under: "model", isDoubt: false },
  },
  "launch-outlasts-refresh": {
    reason: "follows from the estimate of loadTime",
    ...{ under: "model", isDoubt: false },
  },
  "region-not-recorded": {
    reason: "npm run new -- --check asks AWS which of the types it has, and in which zones",
    ...{ under: "region", isDoubt: false },
  },
  "config-not-known": {
    reason: "until an instance runs; then the log of its server says how much KV cache there is",
    ...{ under: "model", isDoubt: true },
  },
  "model-may-not-fit": {
    reason: "no type of the region is sure to hold it; try one instance first",
    ...{ under: "model", isDoubt: true },
  },
} as const satisfies Partial<Record<WarningCode, Acceptance>>;

export type AcceptedCode = keyof typeof ACCEPTED;

/** What is written in short, on one line. */
const INLINE = new Set(["state", "network", "typicalRequest"]);

/** The name of a deployment and of its model: whole words of the model's, of a-z and 0-9, as long as a deployment's may be, which is shorter than a model's. */
export function modelName(model: string): string {
  const name = model
    .replace(/^.*\//, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  const words = name.slice(0, LONGEST_DEPLOYMENT_NAME + 1).replace(/-[^-]*$/, "");
  const short = name.length > LONGEST_DEPLOYMENT_NAME ? words.slice(0, LONGEST_DEPLOYMENT_NAME) : name;
  return short === "" ? "model" : short;
}

/** A value of serving.yaml for the answers. @param config where its config.json is: its path, or its text */
export function fileFor(
  answers: Answers,
  { sizeGiB, revision, config: text }: ModelFacts,
  { instanceTypes, tensorParallel, zones }: Chosen,
  config: string | { readonly text: string },
  accepted: readonly AcceptedCode[] = [],
): Readonly<Record<string, unknown>> {
  const { model, server, region, demand, email } = answers;
  const name = modelName(model);
  const architecture = readArchitecture(JSON.parse(text));
  const context = contextOf(answers, architecture);
  const network = { cidr: "10.0.0.0/16", ...(zones === 3 ? {} : { zones }) };
  return {
    name,
    state: { bucket: `example-${name}-tfstate`, region },
    entry: entryPart(answers, name),
    alarms: email === undefined ? { accept: { "no-alarm-recipient": "nobody is named yet" } } : { email },
    regions: { [region]: { network: { create: network }, ...acceptPart(accepted, "region") } },
    models: {
      [name]: {
        server,
        image: IMAGES[server],
        model,
        ...(revision === undefined ? {} : { revision }),
        memory: {
          config,
          ...(sizeGiB === undefined ? {} : { size: `${Math.ceil(sizeGiB * 10) / 10}GiB` }),
          contextLength: context,
          ...(tensorParallel === 1 ? {} : { tensorParallel }),
        },
        instanceTypes,
        longestRequest: "5m",
        longestSilence: "60s",
        capacity: {
          peakRequestsPerMinute: demand,
          typicalRequest: typicalWithin(context, writesText(answers, architecture)),
        },
        ...acceptPart(accepted, "model"),
      },
    },
  };
}

function acceptPart(
  accepted: readonly AcceptedCode[],
  part: Acceptance["under"],
): { readonly accept?: Readonly<Record<string, string>> } {
  const reasons = (Object.keys(ACCEPTED) as AcceptedCode[])
    .filter((code) => accepted.includes(code) && ACCEPTED[code].under === part)
    .map((code) => [code, ACCEPTED[code].reason]);
  return reasons.length === 0 ? {} : { accept: Object.fromEntries(reasons) };
}

/** How clients reach the deployment, and who may. */
function entryPart({ domain, hostedZone, allow }: Answers, model: string): Readonly<Record<string, unknown>> {
  const address =
    domain === undefined
      ? { protocol: "unencrypted-http" }
      : { domain, ...(hostedZone === undefined ? {} : { hostedZone }) };
  const [only = "", ...others] = allow;
  return {
    ...address,
    allow: only === "anyone-on-the-internet" && others.length === 0 ? only : allow,
    callers: "unauthenticated",
    default: model,
  };
}

function contextOf({ context, server }: Answers, architecture: Architecture): number {
  return context ?? Math.min(longestContextOn(server, architecture) ?? CONTEXT, CONTEXT);
}

/** Whether the model writes text, and does not embed it, say. */
function writesText({ model, server }: Answers, architecture: Architecture): boolean {
  const tasks = presetOf(server)?.tasks?.probes ?? {};
  return taskOfClass(architecture) === undefined && taskByName(model, tasks) === undefined;
}

/** A usual request within a context. */
function typicalWithin(context: number, isText: boolean): typeof TYPICAL {
  const { promptTokens } = TYPICAL;
  const answerTokens = isText ? TYPICAL.answerTokens : 1;
  const share = Math.min(1, context / (promptTokens + answerTokens));
  return {
    promptTokens: Math.floor(promptTokens * share),
    answerTokens: Math.max(1, Math.floor(answerTokens * share)),
  };
}

/** The text of a new file. @param schema path of serving.schema.json as the file sees it */
export function textOf(value: Readonly<Record<string, unknown>>, schema = "./serving.schema.json"): string {
  const document = new Document(value);
  document.commentBefore = ` yaml-language-server: $schema=${schema}`;
  setFlow(document.contents);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true }).replaceAll(/\[ (.*?) \]/g, "[$1]");
}

function setFlow(node: unknown): void {
  const { items = [] } = (node ?? {}) as { readonly items?: readonly { key?: unknown; value?: unknown }[] };
  for (const { key, value } of items) {
    const inner = value as { flow?: boolean; readonly items?: unknown[] } | null;
    if (
      inner?.items !== undefined &&
      (INLINE.has(String(key)) || Array.isArray((inner as { toJSON(): unknown }).toJSON()))
    ) {
      inner.flow = true;
    } else {
      setFlow(value);
    }
  }
}
