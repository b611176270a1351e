import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { type InstanceFacts, renderUserData } from "../../boot/user-data";
import { instanceFacts } from "../../config/plan/boot-config";
import { instancesOf } from "../support/instance";
import { valid, validFile, validModel, type WrittenFile } from "../support/serving-file";
import { wrongConfigurations } from "./agent-configuration";
import { pythonWithCloudInit, readByCloudInit } from "./cloud-init";
import { awkward, cloudConfigOf, factsFile, filesOf, plainFacts } from "./facts";
import { present } from "./tools";

const render = (facts: Partial<InstanceFacts> = {}) => renderUserData({ ...plainFacts, ...facts });
const cloudConfig = (facts: Partial<InstanceFacts> = {}) => cloudConfigOf(render(facts));

const observability = {
  namespace: "ModelServing/chat",
  logGroupPrefix: "/chat/llama/main",
  serverMetrics: { port: 9400, path: "/m", gauges: ["queue:waiting"] },
};

type Settings = Partial<WrittenFile["models"][string]>;

/** A model of each kind: every server, and what changes the facts of its instances. */
const KINDS: Readonly<Record<string, Settings>> = {
  vllm: {},
  sglang: { server: "sglang", image: "lmsysorg/sglang:v0.5.18" },
  tgi: { server: "tgi", image: "ghcr.io/huggingface/text-generation-inference:3.3.7" },
  nim: {
    server: "nim",
    image: "nvcr.io/nim/meta/llama-3.1-8b-instruct:2.0.1",
    registry: { secret: "arn:aws:ssm:us-east-1:123456789012:parameter/chat/ngc" },
  },
  triton: { server: "triton", image: "nvcr.io/nvidia/tritonserver:26.07-py3" },
  "llama-cpp": {
    server: "llama.cpp",
    image: "ghcr.io/ggml-org/llama.cpp:server-cuda-b10573",
    model: "model.gguf",
  },
  ollama: { server: "ollama", image: "ollama/ollama:0.32.15" },
  "ray-serve": {
    server: "ray-serve",
    image: "rayproject/ray-llm:2.50.0",
    arguments: ["serve", "run", "app"],
  },
  custom: { server: "custom", image: "acme/server:1.0", port: 8000, health: { path: "/health" } },
  tls: { targetTls: true },
  secrets: { secrets: { KEY: "arn:aws:ssm:us-east-1:123456789012:parameter/chat/key" } },
  "no-weights": { weights: undefined, model: "acme/llama" },
  "own-metrics": { metrics: { port: 9400, path: "/a&b", gauges: ["queue:waiting", "busy"] } },
  "no-gauges": { metrics: { port: 9400, path: "/metrics", gauges: [] } },
  awkward: {
    env: { A: awkward.join("") },
    // A variable by itself is refused.
    arguments: ["--chat-template", ...awkward.map((each) => `${each}.`)],
  },
};

/** The facts of the instances of each kind. */
const factsByKind: readonly (readonly [string, InstanceFacts])[] = Object.entries(KINDS).map(
  ([kind, settings]) => {
    const models = { llama: { ...validModel(), ...settings } };
    const { deployment } = valid({ ...validFile(), models });
    return [kind, instanceFacts(...instancesOf(deployment))];
  },
);

describe("the tools of an instance", () => {
  const folder = mkdtempSync(join(tmpdir(), "user-data-"));

  (present("cloud-init") ? it : it.skip)(
    "take the cloud-config (skipped where cloud-init is missing)",
    () => {
      const file = join(folder, "user-data");
      writeFileSync(file, cloudConfig({ weights: { uri: "s3://acme/llama/" }, observability }));
      const { status, stdout } = spawnSync("cloud-init", ["schema", "--config-file", file], {
        encoding: "utf8",
      });
      expect(stdout).toContain("Valid cloud-config");
      expect(status).toBe(0);
    },
  );

  const withCloudInit = pythonWithCloudInit ? it : it.skip;

  withCloudInit("unpack and read it as it was written (skipped where cloud-init is missing)", () => {
    const userData = render({ arguments: awkward, observability });
    const [answer] = readByCloudInit([userData]);
    expect(answer?.config).toEqual(parse(cloudConfigOf(userData), { version: "1.1" }));
    expect(answer?.errors).toEqual([]);
  });

  withCloudInit(
    "take the cloud-config of every kind of instance (skipped where cloud-init is missing)",
    () => {
      const answers = readByCloudInit(factsByKind.map(([, facts]) => renderUserData(facts)));
      expect(answers.map(({ errors }) => errors)).toEqual(factsByKind.map(() => []));
    },
  );

  withCloudInit("find what is wrong with a cloud-config (skipped where cloud-init is missing)", () => {
    const [answer] = readByCloudInit([
      Buffer.from("#cloud-config\nruncmd: 5\nwrite_files:\n  - content: a\n"),
    ]);
    expect(answer?.errors).toEqual([
      expect.stringMatching(/^runcmd: 5 is not of type/),
      expect.stringMatching(/^write_files\.0: 'path' is a required property/),
    ]);
  });

  it("unpack it", () => {
    const { stdout } = spawnSync("gzip", ["--decompress", "--stdout"], { input: render(), encoding: "utf8" });
    expect(stdout).toBe(cloudConfig());
  });

  const withSystemd = present("systemd-analyze") ? it : it.skip;

  withSystemd("accept the units as they are written (skipped where systemd is missing)", () => {
    expect(verifiedUnits(new Map(filesOf(render())))).toEqual({ units: 6, status: 0, found: "" });
  });

  withSystemd.each([
    ["ExecStart=/opt/model-server/spot.sh", "ExecStart=spot.sh", "Command spot.sh is not executable"],
    [
      "/opt/model-server/spot.sh",
      "/opt/model-server/sport.sh",
      "Command /opt/model-server/sport.sh is not executable",
    ],
    [
      "/opt/model-server/spot.sh",
      "/opt/model-server/metadata.sh",
      "Command /opt/model-server/metadata.sh is not executable",
    ],
    ["RestartSec=5", "RestartSecs=5", "'RestartSecs' in section"],
    ["Restart=on-failure", "Restart=on-failures", "Failed to parse service restart specifier"],
  ])("find a unit with %s as %s (skipped where systemd is missing)", (from, to, sentence) => {
    const path = "/etc/systemd/system/spot.service";
    const files = new Map(filesOf(render()));
    files.set(path, (files.get(path) ?? "").replace(from, to));
    expect(verifiedUnits(files).found).toContain(sentence);
    expect(verifiedUnits(files).found).toContain("spot.service");
  });

  /** What systemd says of the units among the files, with the scripts and the units of the system where they are. */
  function verifiedUnits(files: ReadonlyMap<string, string>) {
    const root = mkdtempSync(join(folder, "root-"));
    const put = (path: string, text: string, mode = 0o644) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { mode });
    };
    for (const target of ["sysinit", "basic", "shutdown", "multi-user", "network-online"]) {
      put(`/usr/lib/systemd/system/${target}.target`, "[Unit]\n");
    }
    put("/usr/bin/journalctl", "", 0o755);
    const { write_files }: { write_files: readonly { path: string; permissions?: string }[] } = parse(
      cloudConfig(),
      { version: "1.1" },
    );
    for (const { path, permissions = "0644" } of write_files) {
      put(path, files.get(path) ?? "", Number.parseInt(permissions, 8));
    }
    const units = [...files.keys()].filter((path) => path.endsWith(".service"));
    const { status, stderr } = spawnSync(
      "systemd-analyze",
      ["verify", `--root=${root}`, ...units.map((path) => join(root, path))],
      { encoding: "utf8" },
    );
    return { units: units.length, status, found: stderr };
  }
});

describe("the CloudWatch agent of every kind of instance", () => {
  it.each(factsByKind)("gets a configuration of its own schema: %s", (_kind, facts) => {
    const hasGauges = (facts.observability?.serverMetrics?.gauges ?? []).length > 0;
    const files = ["cloudwatch-agent.json", ...(hasGauges ? ["server-metrics.json", "prometheus.json"] : [])];
    expect(wrongConfigurations(factsFile(facts))).toEqual(
      Object.fromEntries(files.map((file) => [file, []])),
    );
  });

  it("gets one that it would refuse where the text of a user breaks it", () => {
    const namespace = 'a"b';
    expect(
      wrongConfigurations(factsFile({ ...plainFacts, observability: { ...observability, namespace } })),
    ).toMatchObject({
      "cloudwatch-agent.json": [expect.stringContaining("it is no JSON")],
    });
  });
});
