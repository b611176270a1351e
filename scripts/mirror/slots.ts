/** Has at most so many tasks run at once. The first that asks is the first that runs. */
export interface Slots {
  /** Waits for a slot. @returns frees it */
  take(): Promise<() => void>;
}

export function slots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  function release(): void {
    const next = waiting.shift();
    if (next === undefined) {
      free += 1;
    } else {
      next();
    }
  }
  return {
    async take() {
      if (free > 0) {
        free -= 1;
      } else {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return release;
    },
  };
}
