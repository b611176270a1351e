import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { Testing } from "cdktf";
import fc from "fast-check";
import { parse } from "yaml";
import { prometheusConfiguration } from "../../boot/prometheus";
import { encodeUserData, type InstanceFacts, renderUserData } from "../../boot/user-data";
import { GpuLaunchTemplate } from "../../constructs/instance/launch-template";
import { ServingStack } from "../../stacks/serving-stack";
import { awkward, cloudConfigOf, factsFile, filesOf, plainFacts } from "./facts";
import { scriptOf } from "./instance";

const render = (facts: Partial<InstanceFacts> = {}) => renderUserData({ ...plainFacts, ...facts });
const cloudConfig = (facts: Partial<InstanceFacts> = {}) => cloudConfigOf(render(facts));

const serverMetrics = { port: 9400, path: "/m", gauges: ["queue:waiting"] };
const observability = {
  namespace: "ModelServing/chat",
  logGroupPrefix: "/chat/llama/main",
  serverMetrics,
};

/** What bash reads from the facts of an instance: each element of the variable. */
function readByBash(facts: Partial<InstanceFacts>, variable: string): string[] {
  const print = `for one in "\${${variable}[@]}"; do printf '%s\\0' "$one"; done`;
  const { stdout } = spawnSync("bash", ["-uc", factsFile({ ...plainFacts, ...facts }) + print], {
    encoding: "utf8",
  });
  return stdout.split("\0").slice(0, -1);
}

/** Whether a line of a script or unit is more than a comment. */
const isInstruction = (line: string) => line.trim() !== "" && !/^\s*#(?!!)/.test(line);

describe("user data", () => {
  it("is a cloud-config", () => {
    expect(cloudConfig().split("\n")[0]).toBe("#cloud-config");
  });

  it("writes every file of the folder to the path where systemd and the units read it", () => {
    const files = filesOf(render());
    const shipped = readdirSync(dirname(scriptOf("x"))).filter((name) =>
      /\.(sh|service|config|json)$/.test(name),
    );
    const places = shipped.map((name) =>
      name.endsWith(".service") ? `/etc/systemd/system/${name}` : `/opt/model-server/${name}`,
    );
    expect([...files.keys()].sort()).toEqual(["/etc/model-server/instance.sh", ...places].sort());
    for (const name of shipped) {
      const path = [...files.keys()].find((file) => basename(file) === name) ?? "";
      const instructions = readFileSync(scriptOf(name), "utf8").split("\n").filter(isInstruction);
      expect(files.get(path)?.split("\n").slice(0, -1)).toEqual(instructions);
    }
  });

  it("makes scripts executable and the facts readable by root only", () => {
    const { write_files } = parse(cloudConfig(), { version: "1.1" });
    const permissions = write_files.map((file: { path: string; permissions: unknown }) => [
      file.path.split("/").at(-1),
      file.permissions,
    ]);
    expect(Object.fromEntries(permissions)).toMatchObject({
      "instance.sh": "0600",
      "cloudwatch-agent.sh": "0755",
      "gpu-watch.sh": "0755",
      "lifecycle.sh": "0755",
      "model-cache.sh": "0755",
      "model-server.sh": "0755",
      "spot.sh": "0755",
    });
  });

  it("starts all units now and at every boot, without waiting for the model", () => {
    expect(parse(cloudConfig()).runcmd).toEqual([
      ["systemctl", "daemon-reload"],
      [
        "systemctl",
        "enable",
        "--now",
        "--no-block",
        "model-server.service",
        "lifecycle.service",
        "spot.service",
        "cloudwatch-agent.service",
        "gpu-watch.service",
      ],
    ]);
  });

  it("is ASCII, which every YAML reader accepts", () => {
    expect(cloudConfig({ arguments: ["é\u0085\u2028😀\u0007\u007f\ud800"] })).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it("is the same whatever the order of the maps", () => {
    const env = { B: "2", A: "1", C: "3" };
    const secrets = { Y: "arn:y", X: "arn:x" };
    expect(render({ env, secrets })).toEqual(
      render({ env: { C: "3", A: "1", B: "2" }, secrets: { X: "arn:x", Y: "arn:y" } }),
    );
  });

  it("is the same in another folder", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "user-data-"));
    const program = join(elsewhere, "program.ts");
    writeFileSync(
      program,
      `import { renderUserData } from ${JSON.stringify(scriptOf("user-data"))};
      process.stdout.write(renderUserData(${JSON.stringify(plainFacts)}).toString("hex"));`,
    );
    const { stdout } = spawnSync(process.execPath, [resolve("run.cjs"), program], {
      cwd: elsewhere,
      encoding: "utf8",
    });
    expect(stdout).toBe(render().toString("hex"));
  });
});

describe("the texts of a user", () => {
  it.each(["arguments", "env"] as const)("in %s reach the instance unchanged", (field) => {
    if (field === "arguments") {
      expect(readByBash({ arguments: awkward }, "INSTANCE_ARGUMENTS")).toEqual(awkward);
    } else {
      const env = Object.fromEntries(awkward.map((value, n) => [`V${String.fromCharCode(65 + n)}`, value]));
      expect(readByBash({ env }, "INSTANCE_ENVIRONMENT")).toEqual(
        Object.entries(env).map((pair) => pair.join("=")),
      );
    }
  });

  it("reach the instance unchanged, whatever they are", () => {
    const text = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (args) => {
        expect(readByBash({ arguments: args }, "INSTANCE_ARGUMENTS")).toEqual(args);
      }),
      { numRuns: 50 },
    );
  });

  it("contain nothing that Terraform interprets", () => {
    const userData = render({ arguments: awkward, env: { A: `\${aws_lb.x.arn}` } });
    const stack = new ServingStack(Testing.app(), "stack");
    new GpuLaunchTemplate(stack, "instance", {
      namePrefix: "chat-",
      ami: { id: "ami-1" },
      rootVolume: { sizeGiB: 150 },
      instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/instance",
      securityGroupIds: ["sg-1"],
      userDataBase64: encodeUserData(userData),
    });
    const { user_data } = JSON.parse(Testing.synth(stack)).resource.aws_launch_template.instance;
    expect(user_data).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(user_data, "base64")).toEqual(userData);
  });

  it("cannot contain a NUL character", () => {
    expect(() => render({ arguments: ["a\0b"] })).toThrow('"a\\u0000b" contains a NUL character');
  });

  it.each(["1A", "A-B", "", "A B", "A=B"])('cannot name a variable "%s"', (name) => {
    expect(() => render({ env: { [name]: "x" } })).toThrow(`"${name}" cannot be the name`);
    expect(() => render({ secrets: { [name]: "arn:x" } })).toThrow(`"${name}" cannot be the name`);
    const probe = { port: 9000, path: "/ask", timeoutSeconds: 60, bearer: name };
    expect(() => render({ probe })).toThrow(`"${name}" cannot be the name`);
  });
});

describe("the facts", () => {
  it.each<[string, string, Partial<InstanceFacts>]>([
    ["INSTANCE_IMAGE", "vllm/vllm-openai:v0.28.0", {}],
    ["INSTANCE_SECRETS", "HF_TOKEN=arn:x", { secrets: { HF_TOKEN: "arn:x" } }],
    ["INSTANCE_WEIGHTS_URI", "", {}],
    ["INSTANCE_WEIGHTS_URI", "s3://acme/llama/", { weights: { uri: "s3://acme/llama/" } }],
    ["INSTANCE_WEIGHTS_SHA256", "", { weights: { uri: "s3://acme/llama/" } }],
    ["INSTANCE_WEIGHTS_SHA256", "abc", { weights: { uri: "s3://acme/llama/", sha256: "abc" } }],
    ["INSTANCE_WEIGHTS_MIRRORS", "s3://b/", { weights: { uri: "s3://acme/llama/", mirrors: ["s3://b/"] } }],
    ["INSTANCE_ADAPTERS", "sql - s3://b/sql/", { adapters: { sql: { uri: "s3://b/sql/" } } }],
    [
      "INSTANCE_ADAPTERS",
      "sql abc s3://b/sql/ s3://c/ s3://d/",
      { adapters: { sql: { uri: "s3://b/sql/", sha256: "abc", mirrors: ["s3://c/", "s3://d/"] } } },
    ],
    ["INSTANCE_DATA", "/model-data", {}],
    ["INSTANCE_DATA", "/data", { dataDirectory: "/data" }],
    ["INSTANCE_VOLUMES", "cache:/cache", { volumes: [{ folder: "cache", path: "/cache" }] }],
    [
      "INSTANCE_VOLUMES",
      "models:/models:ro",
      { volumes: [{ folder: "models", path: "/models", readOnly: true }] },
    ],
    ["INSTANCE_FILES", "/etc/a.yaml:a: b\n", { files: { "/etc/a.yaml": "a: b\n" } }],
    ["INSTANCE_HUB", "", {}],
    ["INSTANCE_HUB", "http://hub", { hub: { url: "http://hub", offline: { OFFLINE: "1" } } }],
    ["INSTANCE_OFFLINE", "OFFLINE=1", { hub: { url: "http://hub", offline: { OFFLINE: "1" } } }],
    ["INSTANCE_STORE", "yes", {}],
    ["INSTANCE_STORE", "", { instanceStore: false }],
    ["INSTANCE_HEALTH_PROTOCOL", "tcp", { health: { protocol: "tcp", port: 9000 } }],
    ["INSTANCE_HEALTH_PORT", "9000", { health: { protocol: "tcp", port: 9000 } }],
    ["INSTANCE_HEALTH_PATH", "/health", {}],
    ["INSTANCE_HEALTH_STATUSES", "200", {}],
    [
      "INSTANCE_HEALTH_STATUSES",
      "200,401",
      { health: { protocol: "http", port: 9000, path: "/", statuses: "200,401" } },
    ],
    ["INSTANCE_HEALTH_TIMEOUT", "5", {}],
    [
      "INSTANCE_HEALTH_TIMEOUT",
      "20",
      { health: { protocol: "http", port: 9000, path: "/", timeoutSeconds: 20 } },
    ],
    ["INSTANCE_PROBE_PATH", "", {}],
    ["INSTANCE_PROBE_PORT", "", {}],
    ["INSTANCE_PROBE_PORT", "9000", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60 } }],
    ["INSTANCE_PROBE_PATH", "/ask", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60 } }],
    ["INSTANCE_PROBE_TIMEOUT", "60", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60 } }],
    ["INSTANCE_PROBE_BODY", "", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60 } }],
    ["INSTANCE_PROBE_BODY", "{}", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60, body: "{}" } }],
    ["INSTANCE_PROBE_EXPECT", "a", { probe: { port: 9000, path: "/ask", timeoutSeconds: 60, expect: "a" } }],
    [
      "INSTANCE_PROBE_BEARER",
      "KEY",
      { probe: { port: 9000, path: "/ask", timeoutSeconds: 60, bearer: "KEY" } },
    ],
    ["INSTANCE_GPU_WATCH", "yes", {}],
    ["INSTANCE_GPU_WATCH", "", { gpuWatch: false }],
    ["INSTANCE_REGION", "eu-west-1", {}],
    ["INSTANCE_GROUP", "chat.llama.main", {}],
    ["INSTANCE_LAUNCH_HOOK", "model-ready", {}],
    ["INSTANCE_TERMINATE_HOOK", "server-stopped", {}],
    ["INSTANCE_START_TIMEOUT", "600", {}],
    ["INSTANCE_STOP_TIMEOUT", "120", {}],
    ["INSTANCE_DRAIN", "130", {}],
    ["INSTANCE_PORT", "8000", {}],
    ["INSTANCE_PORT", "9000", { port: 9000 }],
    ["INSTANCE_STOP_SIGNAL", "", {}],
    ["INSTANCE_STOP_SIGNAL", "SIGINT", { stopSignal: "SIGINT" }],
    ["INSTANCE_SHM_SIZE", "", {}],
    ["INSTANCE_SHM_SIZE", "16g", { shmSize: "16g" }],
    ["INSTANCE_METRICS_NAMESPACE", "", {}],
    ["INSTANCE_METRICS_NAMESPACE", "ModelServing/chat", { observability }],
    ["INSTANCE_LOG_GROUPS", "", {}],
    ["INSTANCE_LOG_GROUPS", "/chat/llama/main", { observability }],
    ["INSTANCE_PROMETHEUS", "", {}],
    ["INSTANCE_PROMETHEUS", prometheusConfiguration(serverMetrics, "chat.llama.main"), { observability }],
    ["INSTANCE_METRICS_BEARER", "", { observability }],
    [
      "INSTANCE_METRICS_BEARER",
      "KEY",
      { observability: { ...observability, serverMetrics: { ...serverMetrics, bearer: "KEY" } } },
    ],
    ["INSTANCE_GAUGES", "queue:waiting", { observability }],
  ])("set %s to '%s'", (variable, value, facts) => {
    expect(readByBash(facts, variable)).toEqual([value]);
  });

  it("have the login to a registry word by word, or none", () => {
    const registry = { server: "nvcr.io", user: "$oauthtoken", secret: "arn:x" };
    expect(readByBash({ registry }, "INSTANCE_REGISTRY")).toEqual(["nvcr.io", "$oauthtoken", "arn:x"]);
    expect(readByBash({}, "INSTANCE_REGISTRY")).toEqual([]);
  });
});
