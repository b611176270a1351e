import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { readArguments } from "../../local/arguments";

jest.setTimeout(120_000);

/** Ports of the workers of jest do not meet. */
const PORT = 24_000 + 100 * Number(process.env.JEST_WORKER_ID ?? 1);

const folder = mkdtempSync(path.join(tmpdir(), "program-"));
const pids = path.join(folder, "pids");

/** A model server in one line, which writes down its process id. */
const SERVER = `node -e 'require("fs").appendFileSync("${pids}", process.pid + "\\n"); require("http").createServer((q, r) => r.end("{}")).listen({port}, "127.0.0.1")'`;

beforeAll(() => {
  mkdirSync(path.join(folder, "stacks/x"), { recursive: true });
  const stack = {
    aws_lb: { own: { subnets: ["subnet-1", "subnet-2"] } },
    aws_lb_listener: {
      own: {
        load_balancer_arn: `\${aws_lb.own.arn}`,
        protocol: "HTTPS",
        default_action: { type: "forward", target_group_arn: `\${aws_lb_target_group.own.arn}` },
      },
    },
    aws_lb_target_group: { own: { health_check: { path: "/health" } } },
    aws_autoscaling_group: {
      own: {
        min_size: 2,
        max_size: 2,
        vpc_zone_identifier: ["subnet-1", "subnet-2"],
        target_group_arns: [`\${aws_lb_target_group.own.arn}`],
      },
    },
  };
  writeFileSync(path.join(folder, "stacks/x/cdk.tf.json"), JSON.stringify({ resource: stack }));
});

let program: ChildProcess | undefined;
afterEach(() => program?.kill("SIGKILL"));

/** The folder for temporary files of the program, in which an authority for TLS has one. */
const temporary = path.join(folder, "temporary");

async function begin(): Promise<void> {
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  writeFileSync(pids, "");
  const args = [
    "run.cjs",
    "scripts/local.ts",
    "--stacks",
    folder,
    "--server",
    SERVER,
    "--port",
    String(PORT),
  ];
  program = spawn("node", args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary },
  });
  await new Promise<void>((resolve) => {
    let said = "";
    program?.stdout?.on("data", (chunk) => {
      said += chunk.toString();
      if (said.includes("Started in")) {
        resolve();
      }
    });
  });
}

function ended(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it.each(["SIGINT", "SIGKILL"] as const)("leaves no process and no port behind after %s", async (signal) => {
  await begin();
  const servers = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  expect(servers).toHaveLength(2);
  const status = spawnSync("node", ["run.cjs", "scripts/local.ts", "status", "--port", String(PORT)], {
    encoding: "utf8",
  });
  expect(status.stdout).toContain("2 of 2 in service");
  const second = spawnSync(
    "node",
    ["run.cjs", "scripts/local.ts", "--stacks", folder, "--port", String(PORT)],
    { encoding: "utf8" },
  );
  expect([second.status, second.stderr]).toEqual([1, expect.stringContaining(`Port ${PORT} is in use.`)]);
  program?.kill(signal);
  await until(() => servers.every(ended));
  await until(() => refuses(PORT));
  await until(() => refuses(PORT + 1));
  const after = spawnSync("node", ["run.cjs", "scripts/local.ts", "status", "--port", String(PORT)], {
    encoding: "utf8",
  });
  expect(after.stderr).toBe(`Nothing runs at port ${PORT}. Begin with: npm run local\n`);
});

it.each(["SIGHUP", "SIGINT", "SIGTERM"] as const)("leaves no file behind after %s", async (signal) => {
  await begin();
  expect(readdirSync(temporary)).toHaveLength(1);
  const end = new Promise((resolve) => program?.once("exit", resolve));
  program?.kill(signal);
  expect(await end).toBe(128 + constants.signals[signal]);
  expect(readdirSync(temporary)).toEqual([]);
});

it("reads its command line", () => {
  expect(readArguments(["--speed", "10", "--load", "50/s", "--tokens", "200"])).toMatchObject({
    load: 50,
    command: [],
    options: { speed: 10, port: 8400, pace: { tokensPerSecond: 200, slots: 16 } },
  });
  expect(readArguments(["kill", "i-3", "--port", "9000"])).toMatchObject({
    command: ["kill", "i-3"],
    options: { port: 9000 },
  });
  expect(() => readArguments(["--speed", "fast"])).toThrow("--speed takes a number above 0, and not fast");
  expect(() => readArguments(["--speeed", "1"])).toThrow("--speeed");
});
