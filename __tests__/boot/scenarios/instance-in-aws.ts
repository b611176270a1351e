import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { InstanceFacts, InstanceProbe } from "../../../boot/user-data";
import { type MetadataService, metadataService } from "../../../local/instances/metadata-service";
import { close, freePort, listen } from "../../support/loopback";
import { preloaded } from "../../support/preloaded";
import { FakeInstance, type Running, scriptOf } from "../instance";
import type { Aws } from "./aws";
import { until } from "./until";

/** States of the fake model server that a test can set. */
type ServerState = "loaded" | "hangs" | "dies" | "generated";

/** An instance with the project's own scripts, and fakes for all that surrounds them. */
export class InstanceInAws {
  readonly fake: FakeInstance;
  readonly metadata: MetadataService;
  readonly port: number;
  readonly #metadataServer: Server;
  readonly #running: Running[] = [];

  private constructor(fake: FakeInstance, metadata: MetadataService, metadataServer: Server, port: number) {
    this.fake = fake;
    this.metadata = metadata;
    this.port = port;
    this.#metadataServer = metadataServer;
  }

  /** @param facts the unusual facts of the instance; weights go to `models` in its folder */
  static async launch(aws: Aws, facts: Partial<InstanceFacts> = {}): Promise<InstanceInAws> {
    const metadata = metadataService();
    const metadataServer = createServer(metadata.answer);
    const port = await freePort();
    const protocol: InstanceProbe["protocol"] = facts.certificateDirectory === undefined ? "http" : "https";
    const probe = {
      protocol,
      port,
      path: "/v1/completions",
      body: '{"model":"{model}","prompt":"ready?","max_tokens":1}',
      expect: '"choices"',
      timeoutSeconds: 2,
    };
    const fake = new FakeInstance((folder) => ({
      health: { protocol, port, path: "/health" },
      probe,
      ...facts,
      dataDirectory: folder,
    }));
    const instance = new InstanceInAws(fake, metadata, metadataServer, port);
    instance.#furnish(aws.endpoint, await listen(metadataServer));
    instance.target = "InService";
    return instance;
  }

  #furnish(aws: string, metadata: string): void {
    const { fake } = this;
    const programs = join(__dirname, "programs");
    mkdirSync(fake.path("server"));
    fake.file("pci/0000:00:1e.0/vendor", "0x10de\n");
    fake.file("pci/0000:00:1e.0/class", "0x030200\n");
    fake.file("gpu-memory", "1000\n");
    fake.file("kernel", "");
    fake.real("mkdir", "rm", "cp", "find", "xargs", "sha256sum", "nproc", "node");
    fake.real("install", "chmod", "openssl");
    fake
      .fake("aws", `PATH='${process.env.PATH}' exec ${quoted(preloaded("aws"))} "$@"`)
      .fake(
        "docker",
        `exec bash '${programs}/docker.sh' '${programs}/model-server.js' ${this.port} '${fake.path("server")}' "$@"`,
      )
      .fake(
        "systemctl",
        `exec bash '${programs}/systemctl.sh' '${scriptOf("model-server.sh")}' '${fake.path(".")}' "$@"`,
      )
      .fake("df", `echo Used; echo 5000`)
      .fake("dmesg", `cat '${fake.path("kernel")}'`)
      .fake(
        "nvidia-smi",
        `if [[ "$*" == *memory.used* ]]; then cat '${fake.path("gpu-memory")}'; else echo '00000000:00:1E.0, 0'; fi`,
      );
    const variables = {
      AWS_ENDPOINT_URL: aws,
      AWS_ACCESS_KEY_ID: "instance",
      AWS_SECRET_ACCESS_KEY: "instance",
      METADATA_ENDPOINT: metadata,
      PCI_DEVICES: fake.path("pci"),
      CERTIFICATES: fake.path("certificates"),
      POLL_SECONDS: "0.2",
      PROBE_SECONDS: "0.2",
      JITTER_SECONDS: "0",
    };
    for (const [name, value] of Object.entries(variables)) {
      fake.set(name, value);
    }
  }

  /** Target lifecycle state of the instance. */
  set target(state: string) {
    this.metadata.values.set("autoscaling/target-lifecycle-state", state);
  }

  get instance(): string {
    return this.metadata.values.get("instance-id") ?? "";
  }

  set instance(id: string) {
    this.metadata.values.set("instance-id", id);
  }

  /** Sets a state of the model server. @param lastLines its output, if it dies */
  server(state: ServerState, lastLines = ""): void {
    this.fake.file(`server/${state}`, lastLines);
  }

  serverNoLonger(state: ServerState): void {
    rmSync(this.fake.path(`server/${state}`));
  }

  /** The log of the model server. */
  get serverLog(): string {
    const log = this.fake.path("server/log");
    return existsSync(log) ? readFileSync(log, "utf8") : "";
  }

  /** Runs one of the instance's units, until the instance is removed. */
  run(script: "lifecycle.sh" | "spot.sh" | "gpu-watch.sh"): Running {
    const running = this.fake.start(script);
    this.#running.push(running);
    return running;
  }

  /**
   * Starts the server as systemd does by model-server.service: three times at most.
   *
   * @param within a command that runs the script
   * @returns the log
   */
  async startServer(within: readonly string[] = []): Promise<string> {
    for (const name of ["stopping", "stopped", "failed"]) {
      rmSync(this.fake.path(name), { recursive: true, force: true });
    }
    let log = "";
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const start = this.fake.start("model-server.sh", ["start"], {}, within);
      this.#running.push(start);
      await until("the server is started, or not", () => start.status() !== null);
      // Its last lines may still arrive.
      await new Promise((resolve) => setTimeout(resolve, 50));
      log += start.log();
      if (start.status() === 0) {
        return log;
      }
    }
    this.fake.file("failed", "");
    return log;
  }

  /** Whether a process of the server runs. */
  get serves(): boolean {
    const pid = this.#pid;
    return pid !== undefined && isAlive(pid);
  }

  /** Whether the server, without TLS, passes its health check. */
  async isWell(): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/health`).catch(() => undefined);
    return answer?.ok === true;
  }

  get #pid(): number | undefined {
    const file = this.fake.path("server/pid");
    return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
  }

  /** Number of containers of the server so far. */
  get containers(): number {
    return this.fake.calls("docker").filter(([, command]) => command === "run").length;
  }

  /** Everything on the instance ends at once, as when it is switched off. */
  async powerOff(): Promise<void> {
    for (const running of this.#running.splice(0)) {
      await running.end();
    }
    await until("nothing runs", () => !this.serves);
    // Files in /run are gone at the next boot, and Docker finds its container exited.
    rmSync(this.fake.path("last-phase"), { force: true });
    rmSync(this.fake.path("certificates"), { recursive: true, force: true });
    this.fake.file("server/state", "exited\n");
  }

  async terminate(): Promise<void> {
    await this.powerOff();
    await close(this.#metadataServer);
    this.fake.remove();
  }
}

/** Words of a command, as bash reads them. */
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(" ");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
