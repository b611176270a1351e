/** When a recurring action of Auto Scaling runs: Unix cron, in a time zone. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Whether it runs on a day, given as the midnight at its beginning in UTC. */
  readonly onDay: (day: Date) => boolean;
}

/** A cron expression that Auto Scaling takes, with numbers only, and its times; or what is wrong with it. */
export type Cron = { readonly text: string; readonly times: CronTimes } | { readonly problem: string };

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for the numbers from `min` on. */
  readonly words?: readonly string[];
}

const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/**
 * The five fields. Source: Auto Scaling API, PutScheduledUpdateGroupAction, Recurrence ("Unix cron syntax format"), which
 * refers to crontab(5).
 */
const FIELDS: readonly [Field, Field, Field, Field, Field] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, words: MONTHS },
  { name: "day of week", min: 0, max: 6, words: DAYS },
];

/** The days after which a calendar repeats itself: no day of a month and a week is missing in them. */
const DAYS_OF_CALENDAR = 28 * 365 + 7;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const DAY_MILLISECONDS = 86_400_000;

/** Reads a cron expression. What not every cron takes, such as `L`, `?` or a day 7, is refused. */
export function readCron(text: string): Cron {
  const written = text.trim().split(/\s+/);
  if (written.length !== FIELDS.length || /^[@(]|\(/.test(text)) {
    return {
      problem: `is no cron expression of Auto Scaling, which has five fields: ${FIELDS.map(({ name }) => name).join(", ")}; write it as 0 20 * * MON-FRI`,
    };
  }
  const fields = FIELDS.map((field, index) => numbersOf(written[index] ?? "", field));
  const problem = fields.find((field) => "problem" in field);
  if (problem !== undefined && "problem" in problem) {
    return problem;
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = fields.map((field) =>
    "numbers" in field ? field.numbers : [],
  );
  const [, , dayText = "", , weekdayText = ""] = written;
  const onDay = (day: Date): boolean => {
    const ofMonth = days.includes(day.getUTCDate());
    const ofWeek = weekdays.includes(day.getUTCDay());
    // Where both are written, either is enough (crontab(5)).
    const either = !dayText.startsWith("*") && !weekdayText.startsWith("*");
    return months.includes(day.getUTCMonth() + 1) && (either ? ofMonth || ofWeek : ofMonth && ofWeek);
  };
  return firstDay(onDay) === undefined
    ? { problem: "never comes: none of these months has such a day" }
    : {
        text: fields.map((field) => ("text" in field ? field.text : "")).join(" "),
        times: { minutes, hours, onDay },
      };
}

/** A moment of both, as `2024-01-01 20:00`, in the time zone that both have. */
export function commonTime(one: CronTimes, other: CronTimes): string | undefined {
  const minute = one.minutes.find((each) => other.minutes.includes(each));
  const hour = one.hours.find((each) => other.hours.includes(each));
  if (minute === undefined || hour === undefined) {
    return undefined;
  }
  const day = firstDay((each) => one.onDay(each) && other.onDay(each));
  const two = (number: number) => String(number).padStart(2, "0");
  return day && `${day.toISOString().slice(0, 10)} ${two(hour)}:${two(minute)}`;
}

function firstDay(matches: (day: Date) => boolean): Date | undefined {
  for (let day = 0; day < DAYS_OF_CALENDAR; day += 1) {
    const date = new Date(FIRST_DAY + day * DAY_MILLISECONDS);
    if (matches(date)) {
      return date;
    }
  }
  return undefined;
}

type Numbers = { readonly text: string; readonly numbers: readonly number[] } | { readonly problem: string };

function numbersOf(written: string, field: Field): Numbers {
  const parts = written.split(",").map((part) => partOf(part, field));
  const problem = parts.find((part) => "problem" in part);
  if (problem !== undefined) {
    return problem;
  }
  const good = parts.flatMap((part) => ("numbers" in part ? part : []));
  return {
    text: good.map(({ text }) => text).join(","),
    numbers: [...new Set(good.flatMap(({ numbers }) => numbers))].sort((a, b) => a - b),
  };
}

/** All, one number, or a range such as `1-5`; all or a range with a step: `8-18/2`. */
function partOf(part: string, field: Field): Numbers {
  const { name, min, max, words = [] } = field;
  const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
  const ends = range === "*" ? [min, max] : range.split("-").map((end) => numberOf(end, field));
  const [from, to = from] = ends;
  const allowed = `${min}–${max}${words.length === 0 ? "" : ` or ${words[0]}–${words.at(-1)}`}`;
  if (
    ends.length > 2 ||
    from === undefined ||
    to === undefined ||
    !within(from, field) ||
    !within(to, field)
  ) {
    const sunday = name === "day of week" && /7/.test(range) ? "; Sunday is 0" : "";
    return { problem: `has the ${name} "${part}", which is none of ${allowed}${sunday}` };
  }
  if (from > to) {
    return { problem: `has the ${name} "${part}", which ends before it begins; write two ranges` };
  }
  if (step !== undefined && (Number(step) === 0 || ends.length === 1)) {
    return { problem: `has the ${name} "${part}"; a step is 1 or more, and follows * or a range` };
  }
  const every = Number(step ?? 1);
  const text = range === "*" ? "*" : ends.length === 1 ? String(from) : `${from}-${to}`;
  return {
    text: step === undefined ? text : `${text}/${every}`,
    numbers: Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every),
  };
}

function within(number: number, { min, max }: Field): boolean {
  return number >= min && number <= max;
}

function numberOf(text: string, { min, words = [] }: Field): number | undefined {
  const word = words.indexOf(text.toUpperCase());
  return /^\d{1,2}$/.test(text) ? Number(text) : word < 0 ? undefined : min + word;
}

/** Names of IANA's areas. Other names, such as `US/Pacific` or `EST`, are kept for old programs only. */
const AREA = /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)\/[A-Z]/;

/**
 * What is wrong with the name of a time zone, to end a sentence with; undefined when Auto Scaling takes it.
 *
 * Source: Auto Scaling API, PutScheduledUpdateGroupAction, TimeZone ("canonical names of the IANA time zones").
 */
export function timeZoneProblem(name: string): string | undefined {
  const known = resolvedZone(name);
  if (known === undefined) {
    return "is no time zone of IANA; write it as Europe/Berlin or America/New_York";
  }
  return name === "UTC" || AREA.test(name)
    ? undefined
    : `is no canonical name of a time zone; write ${known === "UTC" ? "UTC" : known}`;
}

function resolvedZone(name: string): string | undefined {
  try {
    // An offset is no name of a zone.
    return /^[+-]/.test(name)
      ? undefined
      : new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
