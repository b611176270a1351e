import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { median } from "../figures";
import type { Seen } from "./generator";
import { directWay, haproxyWay, isInstalled, localWay, nginxWay, type PEERS, pathOf, type Way } from "./ways";

/** How long, and how often. */
export interface Effort {
  readonly rounds: number;
  /** Seconds of load on one load balancer. */
  readonly soak: number;
}

const RULES = [1, 100] as const;
const CONNECTIONS = 32;

/** Seconds of each measurement. */
const SECONDS = 3;

/** In which Linux counts the CPU of processes. */
const TICKS_PER_SECOND = 100;

interface Measured {
  readonly way: Way;
  readonly perSecond: number[];
  readonly perCpuSecond: number[];
  readonly firstByte: number[];
  readonly lastFirstBytes: number[];
  failed: number;
}

/** Measures a load balancer of the local run beside others on the same work, and prints the report. */
export async function benchLocal(root: string, folder: string, { rounds, soak }: Effort): Promise<void> {
  const ways: Way[] = [];
  try {
    const direct = await directWay(root);
    ways.push(direct);
    for (const rules of RULES) {
      ways.push(await localWay(root, folder, rules));
    }
    for (const [peer, way] of [
      ["haproxy", haproxyWay],
      ["nginx", nginxWay],
    ] as const) {
      if (!isInstalled(peer)) {
        console.log(
          `${peer} is not measured: it is not installed (Debian: apt-get install ${INSTALLED_BY[peer]})`,
        );
        continue;
      }
      for (const rules of RULES) {
        ways.push(await way(folder, rules, direct.port));
      }
    }
    const all = ways.map(
      (way): Measured => ({
        ...{ way, perSecond: [], perCpuSecond: [], firstByte: [], lastFirstBytes: [], failed: 0 },
      }),
    );
    for (let round = 0; round <= rounds; round += 1) {
      console.error(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
      for (const measured of all) {
        await measure(root, measured, round > 0);
      }
    }
    console.table(Object.fromEntries(all.map((measured) => rowOf(measured, all))), COLUMNS);
    console.log(MEANING);
    await soakOne(
      root,
      ways.find(({ name, rules }) => name === LOCAL && rules === RULES[1]),
      soak,
    );
  } finally {
    for (const { end } of ways) {
      end();
    }
  }
}

const LOCAL = "npm run local";

const INSTALLED_BY: Readonly<Record<keyof typeof PEERS, string>> = {
  haproxy: "haproxy",
  nginx: "nginx-light",
};

const COLUMNS = [
  ...["a second", "a CPU second", "× haproxy", "× nginx"],
  ...["first byte added p50", "first byte added p99", "failed"],
];

const MEANING = `Medians of rounds. All ways are measured in turn within each round, and ratios (×) are taken within rounds.
"a second": ${CONNECTIONS} connections, each with one request at a time; on a machine with few processors the generator and the
target take part of it, so "a CPU second", of the load balancer's process alone, is what one core gives. "first byte
added": one connection, milliseconds beside the target asked directly.`;

async function measure(root: string, measured: Measured, counts: boolean): Promise<void> {
  const { way } = measured;
  const before = cpuOf(way.pid);
  const loaded = await generate(root, way, CONNECTIONS, SECONDS);
  const cpu = cpuOf(way.pid) - before;
  const alone = await generate(root, way, 1, 1);
  if (!counts) {
    return;
  }
  measured.perSecond.push(loaded["requests a second"]);
  measured.perCpuSecond.push((loaded["requests a second"] * SECONDS) / cpu);
  measured.firstByte.push(alone.firstByte.p50);
  measured.lastFirstBytes.push(alone.firstByte.p99);
  measured.failed += loaded.failed + alone.failed;
}

async function generate(root: string, way: Way, connections: number, seconds: number): Promise<Seen> {
  const args = ["run.cjs", "bench/local/generator.ts", way.port, pathOf(way.rules), connections, seconds];
  const { stdout } = await promisify(execFile)("node", args.map(String), { cwd: root });
  return JSON.parse(stdout);
}

function rowOf(measured: Measured, all: readonly Measured[]): readonly [name: string, row: object] {
  const { way, perSecond, perCpuSecond, firstByte, lastFirstBytes, failed } = measured;
  const direct = all.find(({ way: { name } }) => name === "direct");
  const times = (peer: string) => {
    const other = all.find(({ way: { name, rules } }) => name === peer && rules === way.rules);
    return median(
      perCpuSecond
        .map((each, round) => each / (other?.perCpuSecond[round] ?? Number.NaN))
        .filter(Number.isFinite),
    );
  };
  const added = (values: readonly number[], without: readonly number[] = []) =>
    median(values.map((each, round) => each - (without[round] ?? Number.NaN)));
  const columns = {
    "a second": rounded(median(perSecond), 0),
    "a CPU second": way.pid === undefined ? undefined : rounded(median(perCpuSecond), 0),
    "× haproxy": way.name === LOCAL ? rounded(times("haproxy"), 2) : undefined,
    "× nginx": way.name === LOCAL ? rounded(times("nginx"), 2) : undefined,
    "first byte added p50": way.rules === 0 ? undefined : rounded(added(firstByte, direct?.firstByte), 3),
    "first byte added p99":
      way.rules === 0 ? undefined : rounded(added(lastFirstBytes, direct?.lastFirstBytes), 3),
    failed,
  };
  const name =
    way.rules === 0 ? "the target, directly" : `${way.name}, ${way.rules} rule${way.rules === 1 ? "" : "s"}`;
  return [name, Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))];
}

function rounded(value: number | undefined, digits: number): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : Number(value.toFixed(digits));
}

/** Memory of a load balancer at the end of each sixth of a load. */
async function soakOne(root: string, way: Way | undefined, seconds: number): Promise<void> {
  if (way === undefined) {
    return;
  }
  const megabytes: number[] = [];
  let sent = 0;
  for (let part = 0; part < 6; part += 1) {
    const seen = await generate(root, way, CONNECTIONS, seconds / 6);
    sent += (seen["requests a second"] * seconds) / 6;
    megabytes.push(memoryOf(way.pid));
  }
  console.log(
    `Soak of ${seconds} s, ${Math.round(sent)} requests: ${megabytes.map((each) => each.toFixed(0)).join(", ")} MB at the end of each sixth`,
  );
}

/** CPU seconds of a process until now; not a number where there is no /proc. */
function cpuOf(pid: number | undefined): number {
  const [, user, system] = /\) \S (?:\S+ ){10}(\d+) (\d+) /.exec(procOf(pid, "stat")) ?? [];
  return (Number(user) + Number(system)) / TICKS_PER_SECOND;
}

/** Megabytes that a process has in memory. */
function memoryOf(pid: number | undefined): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(procOf(pid, "status")) ?? [];
  return Number(kilobytes) / 1024;
}

function procOf(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
