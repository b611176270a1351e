import { hubAddress, isHubId } from "../../config/servers/hub-address";
import type { ServerName } from "../../config/servers/presets";

/** Servers that take a model of the hub by its id, each with an image of a version that this project knows. */
export const IMAGES = {
  vllm: "vllm/vllm-openai:v0.28.0",
  sglang: "lmsysorg/sglang:v0.5.13",
  tgi: "ghcr.io/huggingface/text-generation-inference:3.3.7",
} as const satisfies Partial<Record<ServerName, string>>;

export type NewServer = keyof typeof IMAGES;

/** What a new file is made of. */
export interface Answers {
  /** The model's id on the hub. */
  readonly model: string;
  /** Branch, tag or commit, where the address of the model names one. Undefined: main. */
  readonly revision: string | undefined;
  readonly server: NewServer;
  readonly region: string;
  /** Undefined: plain HTTP. */
  readonly domain: string | undefined;
  /** Public hosted zone of the domain. */
  readonly hostedZone: string | undefined;
  /** Ranges of addresses, or `anyone-on-the-internet`. */
  readonly allow: readonly string[];
  /** Requests a minute at the peak. */
  readonly demand: number;
  /** Who is told of alarms. Undefined: nobody. */
  readonly email: string | undefined;
  /** Longest context of a request, in tokens. Undefined: that of the model, at most 8,192. */
  readonly context: number | undefined;
}

/** Answers as flags or a person give them: text, or nothing yet. */
export type Given = Partial<Readonly<Record<(typeof FIELDS)[number], string>>>;

export const FIELDS = [
  ...(["model", "server", "region", "domain", "hosted-zone", "allow"] as const),
  ...(["demand", "email", "context"] as const),
] as const;

/** Says that there is no domain. */
export const PLAIN_HTTP = "http";

/** @throws Error that names the first wrong answer, and what is right */
export function answersOf(given: Given): Answers {
  const { model = "", server = "vllm", region = "", domain = PLAIN_HTTP, allow = "", demand = "" } = given;
  const address = hubAddress(model);
  const id = address?.id ?? model;
  if (!/^[^/:]+\/[^/:]+$/.test(id) || !isHubId(id)) {
    throw new Error(`"${model}" is no id of a model on the hub; write it as Qwen/Qwen3-8B`);
  }
  if (!Object.hasOwn(IMAGES, server)) {
    throw new Error(
      `"${server}" is none of ${Object.keys(IMAGES).join(", ")}; for other servers begin with one of them, and see docs/serving-yaml.md`,
    );
  }
  const isPlain = domain === PLAIN_HTTP;
  if (isPlain && given["hosted-zone"] !== undefined) {
    throw new Error("--hosted-zone is of a domain; add --domain, or leave it out");
  }
  return {
    ...{ model: id, revision: address?.revision, server: server as NewServer, region },
    domain: isPlain ? undefined : domain,
    hostedZone: given["hosted-zone"],
    allow: allow.split(/[\s,]+/).filter((each) => each !== ""),
    demand: wholeNumber("demand", demand),
    email: given.email,
    context: given.context === undefined ? undefined : wholeNumber("context", given.context),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new Error(`--${name} "${text}" is no whole number above 0`);
  }
  return Number(text);
}
