import { formatDuration } from "../../config/units";

const GB = 1e9;
const MB = 1e6;

/** How far a copy has come. */
export interface Progress {
  /** Bytes that are in S3. */
  readonly done: number;
  readonly total: number;
  /** Bytes of `done` that this run has copied. */
  readonly copied: number;
  /** Since this run has begun. */
  readonly seconds: number;
}

/** `12.3 of 16.4 GB, 75 %, 310 MB/s, 13s left` */
export function progressText({ done, total, copied, seconds }: Progress): string {
  const rate = seconds > 0 ? copied / seconds : 0;
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
  const speed = rate > 0 ? `, ${Math.round(rate / MB)} MB/s` : "";
  const left = rate > 0 && done < total ? `, ${timeText((total - done) / rate)} left` : "";
  return `${(done / GB).toFixed(1)} of ${(total / GB).toFixed(1)} GB, ${percent} %${speed}${left}`;
}

/** Minutes above two of them, and seconds below. */
function timeText(seconds: number): string {
  return formatDuration(seconds > 120 ? Math.ceil(seconds / 60) * 60 : Math.ceil(seconds));
}
