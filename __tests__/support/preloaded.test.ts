import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { killGroup, startGroup } from "../../local/process-group";
import { type Aws, startAws } from "../boot/scenarios/aws";
import { until } from "../boot/scenarios/until";
import { canEmulateAws } from "../boot/tools";
import { close, listen } from "./loopback";
import { preloaded } from "./preloaded";

const VARIABLES = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_DEFAULT_REGION: "eu-west-1" };

const start = (command: readonly string[], endpoint: string, cwd?: string) =>
  spawn(command[0] ?? "", command.slice(1), {
    cwd,
    env: { ...process.env, ...VARIABLES, AWS_ENDPOINT_URL: endpoint },
  });

const ended = (child: ChildProcess) =>
  new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));

/** Runs a command to its end. @returns all that its caller sees of it */
async function run(command: readonly string[], endpoint: string, cwd?: string, input = "") {
  const child = start(command, endpoint, cwd);
  child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code, stdout, stderr };
}

(canEmulateAws() ? describe : describe.skip)("the AWS CLI that has been loaded (skipped without it)", () => {
  let aws: Aws;
  let hung: Server;
  let endpointThatHangs: string;
  beforeAll(async () => {
    aws = await startAws();
    hung = createServer();
    endpointThatHangs = await listen(hung);
  });
  afterAll(async () => {
    await aws.stop();
    await close(hung);
  });

  /** Starts a call that is never answered. @returns the call, and whether the other side still has its connection */
  async function callThatHangs(command: readonly string[]) {
    const requested = new Promise<Socket>((resolve) => {
      hung.once("request", ({ socket }) => resolve(socket));
    });
    const child = start([...command, "autoscaling", "describe-auto-scaling-groups"], endpointThatHangs);
    const socket = await requested;
    return { child, isConnected: () => !socket.destroyed };
  }

  it("is loaded wherever it is a script of Python on Linux", () => {
    const program = spawnSync("which", ["aws"], { encoding: "utf8" }).stdout.trim();
    const isScript = readFileSync(program, "latin1").startsWith("#!");
    expect(preloaded("aws").length > 1).toBe(process.platform === "linux" && isScript);
  });

  it.each([
    ["a success", true, ["autoscaling", "describe-auto-scaling-groups", "--no-paginate"]],
    ["a table", true, ["autoscaling", "describe-auto-scaling-groups", "--output", "table"]],
    ["an error", false, ["elbv2", "deregister-targets", "--target-group-arn", "none", "--targets", "Id=i-ü"]],
    ["a usage error", false, ["autoscaling", "make-coffee"]],
    ["a missing option", false, ["autoscaling", "set-instance-health", "--instance-id", "i-1"]],
    ["an error of S3's own commands", false, ["s3", "sync", "s3://none/", "."]],
  ])("says as the real one does: %s", async (_what, succeeds, args) => {
    const real = await run(["aws", ...args], aws.endpoint);
    expect(await run([...preloaded("aws"), ...args], aws.endpoint)).toEqual(real);
    expect(real.code === 0).toBe(succeeds);
    expect(`${real.stdout}${real.stderr}`).not.toBe("");
  });

  it("reads its standard input, and writes into the folder of its caller, with that one's umask", async () => {
    await fetch(`${aws.endpoint}/bucket`, { method: "PUT" });
    const copies = async (command: readonly string[]) => {
      const folder = mkdtempSync(join(tmpdir(), "caller-"));
      const put = [...command, "s3", "cp", "--no-progress", "-", "s3://bucket/key"];
      const get = [...command, "s3", "cp", "--no-progress", "s3://bucket/key", "copy"];
      const said = [
        await run(put, aws.endpoint, folder, "of the caller"),
        await run(["bash", "-c", 'umask 027; exec "$@"', "bash", ...get], aws.endpoint, folder),
      ];
      const copy = join(folder, "copy");
      return { said, copy: readFileSync(copy, "utf8"), mode: statSync(copy).mode & 0o777 };
    };
    const real = await copies(["aws"]);
    expect(await copies(preloaded("aws"))).toEqual(real);
    expect(real).toMatchObject({ copy: "of the caller", mode: 0o640, said: [{ code: 0 }, { code: 0 }] });
  });

  it("takes its configuration from the variables of its caller", async () => {
    const list = ["configure", "list"];
    const variables = ["env", "AWS_PROFILE=other", "AWS_DEFAULT_REGION=eu-north-1"];
    const real = await run([...variables, "aws", ...list], aws.endpoint);
    expect(await run([...variables, ...preloaded("aws"), ...list], aws.endpoint)).toEqual(real);
    expect(`${real.stdout}${real.stderr}`).toContain("other");
  });

  it.each(["SIGTERM", "SIGKILL", "SIGINT"] as const)("ends with its caller's %s", async (signal) => {
    const { child, isConnected } = await callThatHangs(preloaded("aws"));
    const code = ended(child);
    child.kill(signal);
    await until("the call is over", () => !isConnected());
    expect(await code).toBe(signal);
  });

  it("ends, and what has loaded it too, with the run of the tests, however that ends", async () => {
    const owner = startGroup("sleep", ["600"]);
    const run = process.env.TEST_RUN;
    process.env.TEST_RUN = String(owner.pid);
    const command = preloaded("aws");
    process.env.TEST_RUN = run;
    const { child, isConnected } = await callThatHangs(command);
    const code = ended(child);
    killGroup(owner);
    await until("the call is over", () => !isConnected());
    expect(await code).toBe(1);
    expect(await ended(start([...command, "--version"], aws.endpoint))).toBe(1);
  });
});
