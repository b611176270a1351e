const MINUTE = 60;

/** Seconds as people say them, to two units: `45s`, `6m`, `1h 20m`, `2d 3h`. Minutes are rounded up. */
export function durationText(seconds: number): string {
  if (seconds < 2 * MINUTE) {
    return `${Math.ceil(seconds)}s`;
  }
  const minutes = Math.ceil(seconds / MINUTE);
  const hours = Math.floor(minutes / MINUTE);
  const days = Math.floor(hours / 24);
  const parts =
    days > 0
      ? [`${days}d`, hours % 24 > 0 ? `${hours % 24}h` : ""]
      : [hours > 0 ? `${hours}h` : "", minutes % MINUTE > 0 ? `${minutes % MINUTE}m` : ""];
  return parts.filter((part) => part !== "").join(" ");
}
