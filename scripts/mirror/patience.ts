/** How a request is repeated. */
export interface Patience {
  /** Waits for so many milliseconds. */
  readonly pause: (ms: number) => Promise<unknown>;
  /** Default: {@link TRIES}. */
  readonly tries?: number;
}

/** With the waits between them these last for some minutes, as long as the hub's windows of 5 minutes. */
const TRIES = 10;

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Answers after which the same request may succeed. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Sends a request until it is answered and its answer is taken, with a longer wait each time. After 429 and 503 the server
 * says how long. Failures of the network repeat it too, also those within an answer's body: undici has TypeErrors for both.
 *
 * @param take reads the answer; what it throws ends the tries, unless it is a TypeError
 * @throws Error of the last try
 */
export async function patiently<T>(
  send: () => Promise<Response>,
  take: (response: Response) => Promise<T>,
  { pause, tries = TRIES }: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let wait = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    try {
      const response = await send();
      if (!PASSING.has(response.status) || attempt >= tries) {
        return await take(response);
      }
      await response.body?.cancel();
      wait = toldWait(response.headers) ?? wait;
    } catch (error) {
      if (!isOfNetwork(error) || attempt >= tries) {
        throw error;
      }
    }
    await pause(wait);
  }
}

/**
 * Milliseconds to wait by the answer's headers: `Retry-After`, in seconds or as a date, or the `RateLimit` of the hub, whose
 * `t` are the seconds until its window ends. Sources: RFC 9110; Hugging Face Hub documentation, Rate limits.
 */
function toldWait(headers: Headers): number | undefined {
  const after = headers.get("retry-after");
  const seconds = after ?? /(?:^|;)\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  if (seconds === undefined) {
    return undefined;
  }
  const ms = /^\d+$/.test(seconds) ? Number(seconds) * 1000 : Date.parse(seconds) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isOfNetwork(error: unknown): boolean {
  return (error as Error | undefined)?.name === "TypeError";
}
