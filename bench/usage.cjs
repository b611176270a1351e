// Preloaded into every measured Node process: adds to the file BENCH_USAGE, at its end, what the process has used.
const { appendFileSync, readFileSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

/** In which Linux counts the CPU of processes. */
const TICKS_PER_SECOND = 100;

if (isMainThread) {
  const { emit } = process;
  // No listener of its own: what the program does when it exits counts too.
  process.emit = (event, ...args) => {
    const heard = emit.call(process, event, ...args);
    if (event === "exit") {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      const cpu = (userCPUTime + systemCPUTime) / 1e6 + secondsOfChildren();
      appendFileSync(process.env.BENCH_USAGE, `${JSON.stringify({ "CPU s": cpu, MB: maxRSS / 1024 })}\n`);
    }
    return heard;
  };
}

/** CPU of the children that still run: esbuild, which ends after the program that it works for. On Linux alone. */
function secondsOfChildren() {
  const children = textOf(`/proc/self/task/${process.pid}/children`).split(" ").filter(Boolean);
  const ticks = children.flatMap((pid) => {
    const [, user, system] = /\) \S (?:\S+ ){10}(\d+) (\d+) /.exec(textOf(`/proc/${pid}/stat`)) ?? [];
    return [Number(user ?? 0), Number(system ?? 0)];
  });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Empty where there is no such file, as when a process has ended meanwhile. */
function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
