import type { ServerFacts } from "../facts";

/** A request to a path of an API. */
export interface Call {
  readonly body: Readonly<Record<string, unknown>>;
  /** The model that it names, in the path or the body; without one, the model of the server. */
  readonly model: string;
  /** Different for each request. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** An answer that comes token by token. */
export interface Generation {
  readonly tokens: number;
  readonly stream: boolean;
  /** Of a stream. */
  readonly contentType: string;
  /** The answer in one piece. @param seconds what it took */
  whole(seconds: number): object;
  /** What a stream says of the tokens from one place to another. */
  event(from: number, to: number): string;
  /** What ends a stream. @param seconds what it took */
  end(seconds: number): string;
}

/** What a path of an API answers: with text as it is generated, or at once. */
export type Answer = { readonly generation: Generation } | { readonly json: object };

/** An API, by its paths. `{…}` in a path stands for one segment, `{model}` for the model. */
export interface Api {
  readonly GET: Readonly<Record<string, (facts: ServerFacts) => object>>;
  readonly POST: Readonly<Record<string, (call: Call) => Answer>>;
}

export const EVENTS = "text/event-stream";

/** Tokens that an answer has where the request names no number. */
const USUAL_TOKENS = 64;

/** How many tokens a request wants. */
export function tokensOf(wanted: unknown): number {
  return typeof wanted === "number" && Number.isInteger(wanted) && wanted > 0 ? wanted : USUAL_TOKENS;
}

const WORDS = "a model would say something here that depends on what it was asked for".split(" ");

/** What a token of an answer reads. */
function tokenAt(index: number): string {
  return `${index === 0 ? "" : " "}${WORDS[index % WORDS.length]}`;
}

/** What tokens from one place to another read. */
export function textOf(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => tokenAt(from + index)).join("");
}

/** About how many tokens a prompt has. */
export function promptTokensOf(prompt: unknown): number {
  return Math.ceil(JSON.stringify(prompt ?? "").length / 4);
}

/** What every input is embedded as. */
export const EMBEDDING = [0.6, 0.8, 0];

/** One input, or several. */
export function inputsOf(input: unknown): readonly unknown[] {
  return Array.isArray(input) ? input : [input];
}

/** An event of a stream of server-sent events. */
export function eventOf(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
