/**
 * How lengths of time, sizes and counts are written in `serving.yaml`.
 * A reader gives `undefined` for text that is none of these: the sentence about it is the schema's to make.
 */

export const SECONDS_PER_DAY = 86_400;

export const BYTES_PER_GIB = 2 ** 30;

const SECONDS = { d: SECONDS_PER_DAY, h: 3600, m: 60, s: 1 } as const;
const GIB = { TiB: 1024, GiB: 1, MiB: 1 / 1024 } as const;
const COUNT = { T: 1e12, B: 1e9, M: 1e6, K: 1e3 } as const;

const DURATION = /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const SIZE = /^(\d+(?:\.\d+)?)(TiB|GiB|MiB)$/;
const COUNT_TEXT = /^(\d+(?:\.\d+)?)([TBMK])?$/i;

/**
 * Reads a length of time such as `90s`, `5m`, `2h`, `1d` or `1m30s`, the larger unit first, in whole numbers.
 *
 * @returns seconds, or `undefined` when the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) {
    return undefined;
  }
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const total =
    Number(days) * SECONDS.d + Number(hours) * SECONDS.h + Number(minutes) * SECONDS.m + Number(seconds);
  return Number.isSafeInteger(total) ? total : undefined;
}

/**
 * Writes seconds in the largest single unit that is exact: `5m`, `90s`, `1h`, `36h`.
 *
 * @param seconds whole and not negative; anything else is shown as it is, in seconds
 */
export function formatDuration(seconds: number): string {
  const unit =
    seconds === 0 ? undefined : (["d", "h", "m"] as const).find((each) => seconds % SECONDS[each] === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / SECONDS[unit]}${unit}`;
}

/**
 * Reads a size of memory or disk such as `16GiB`, `500MiB` or `1.5TiB`.
 * `GB` is refused: it is 7 % less than `GiB`, and which one was meant matters.
 *
 * @returns GiB (1024³ bytes), or `undefined` when the text is no size
 */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) {
    return undefined;
  }
  const gib = Number(match[1]) * GIB[match[2] as keyof typeof GIB];
  return Number.isFinite(gib) ? gib : undefined;
}

/** Writes GiB in the largest unit that is exact, to the nearest MiB: `16GiB`, `512MiB`, `1TiB`. */
export function formatSize(gib: number): string {
  const mib = Math.round(gib * 1024);
  if (mib !== 0 && mib % (1024 * 1024) === 0) {
    return `${mib / (1024 * 1024)}TiB`;
  }
  return mib % 1024 === 0 ? `${mib / 1024}GiB` : `${mib}MiB`;
}

/**
 * Reads a count such as `8B` (8 × 10⁹), `1.5B`, `560M`, `1T`, or a plain number. Either case will do.
 *
 * @returns a whole number of at least 1, or `undefined` when the text is no count
 */
export function parseCount(written: string | number): number | undefined {
  const match = COUNT_TEXT.exec(String(written));
  if (!match) {
    return undefined;
  }
  const unit = match[2]?.toUpperCase() as keyof typeof COUNT | undefined;
  const count = unit === undefined ? Number(match[1]) : Math.round(Number(match[1]) * COUNT[unit]);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an instant such as `2027-03-12T11:30:00Z` or `2027-03-12T12:30:00+01:00`; seconds may be left out.
 *
 * @returns seconds since the beginning of 1970, or `undefined` when the text is no instant, such as one on 30 February
 */
export function parseInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (!match) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const local = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  const [sign, hours, minutes] = [match[7] === "-" ? -1 : 1, Number(match[8] ?? 0), Number(match[9] ?? 0)];
  const isThere = formatInstant(local).startsWith(`${text.slice(0, 16)}:`) && second < 60;
  return isThere && hours < 24 && minutes < 60 ? local - sign * (hours * 3600 + minutes * 60) : undefined;
}

/** Writes seconds since the beginning of 1970 as `2027-03-12T11:30:00Z`. */
export function formatInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Writes US dollars as `$1.86`. */
export function formatDollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}
