import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeFloor } from "./floor";

/** Runs that count; one more before them fills the caches. */
const RUNS = 5;

interface Usage {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

interface Subject {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const SUBJECTS: readonly Subject[] = [
  { name: "serving.yaml (npm run synth)", program: "main", args: [] },
  ...[1, 10, 100].map((count) => ({
    name: `${count} regions × 3 models`,
    program: "bench/regions",
    args: [String(count)],
  })),
];

const root = path.resolve(__dirname, "..");
const outdir = mkdtempSync(path.join(tmpdir(), "bench-"));

function run(nodeArguments: readonly string[]): Usage {
  const result = spawnSync(
    process.execPath,
    ["--require", path.join(root, "bench/usage.cjs"), ...nodeArguments],
    {
      cwd: root,
      env: { ...process.env, CDKTF_OUTDIR: outdir, BENCH_ROOT: root },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      encoding: "utf8",
    },
  );
  if (result.status !== 0) {
    throw new Error(result.stderr);
  }
  return JSON.parse(result.output[3] ?? "");
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function measured(nodeArguments: readonly string[]): Usage {
  run(nodeArguments);
  const usages = Array.from({ length: RUNS }, () => run(nodeArguments));
  return {
    cpuSeconds: median(usages.map(({ cpuSeconds }) => cpuSeconds)),
    peakMegabytes: median(usages.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function row(cells: readonly string[]): string {
  const [name = "", ...numbers] = cells;
  return [name.padEnd(30), ...numbers.map((cell) => cell.padStart(10))].join("  ");
}

console.log(`median of ${RUNS} runs; the floor is the same program as plain JavaScript`);
console.log(row(["", "CPU s", "floor", "ratio", "peak MB", "floor", "ratio"]));
const floor = writeFloor(root);
for (const { name, program, args } of SUBJECTS) {
  const source = measured([path.join(root, "run.cjs"), path.join(root, `${program}.ts`), ...args]);
  const plain = measured([path.join(floor, `${program}.js`), ...args]);
  console.log(
    row([
      name,
      source.cpuSeconds.toFixed(2),
      plain.cpuSeconds.toFixed(2),
      (source.cpuSeconds / plain.cpuSeconds).toFixed(2),
      source.peakMegabytes.toFixed(0),
      plain.peakMegabytes.toFixed(0),
      (source.peakMegabytes / plain.peakMegabytes).toFixed(2),
    ]),
  );
}
rmSync(floor, { recursive: true });
rmSync(outdir, { recursive: true });
