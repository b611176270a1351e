import type { InstanceFacts, InstanceObservability } from "../../boot/user-data";
import { FakeInstance } from "./instance";

const instances: FakeInstance[] = [];
afterAll(() => {
  for (const instance of instances) {
    instance.remove();
  }
});

const serverMetrics = { port: 8000, path: "/metrics/a&b", gauges: ["vllm:num_requests_waiting", "busy"] };
const observability: InstanceObservability = {
  namespace: "ModelServing/chat",
  logGroupPrefix: "/chat/llama/main",
  serverMetrics,
};

/** An instance after the script of the agent has run. */
function instanceWith(facts: Partial<InstanceFacts>): FakeInstance {
  const instance = new FakeInstance(facts).fake("agent").fake("dnf").fake("systemctl");
  instances.push(instance);
  instance.set("AGENT", instance.path("agent")).set("CONFIGURATION", instance.path("."));
  expect(instance.run("cloudwatch-agent.sh")).toMatchObject({ status: 0, stderr: "" });
  return instance;
}

const instance = instanceWith({ observability, dataDirectory: "/data" });
const written = (name: string) => JSON.parse(instance.read(name));

describe("the agent's metrics", () => {
  const { agent, metrics } = written("cloudwatch-agent.json");

  it("go to the region of the instance, in the deployment's namespace, once a minute", () => {
    expect(agent).toEqual({ region: "eu-west-1", metrics_collection_interval: 60 });
    expect(metrics.namespace).toBe("ModelServing/chat");
  });

  it("are summed up by group, and by instance, and not sent for each GPU and disk", () => {
    expect(metrics.aggregation_dimensions).toEqual([
      ["AutoScalingGroupName"],
      ["AutoScalingGroupName", "InstanceId"],
    ]);
    for (const { measurement, drop_original_metrics } of Object.values<Record<string, unknown>>(
      metrics.metrics_collected,
    )) {
      expect(drop_original_metrics).toEqual(measurement);
    }
  });

  it("have the name of the group without a call to AWS", () => {
    expect(metrics.append_dimensions).toEqual({ InstanceId: `\${aws:InstanceId}` });
    for (const { append_dimensions } of Object.values<Record<string, unknown>>(metrics.metrics_collected)) {
      expect(append_dimensions).toEqual({ AutoScalingGroupName: "chat.llama.main" });
    }
  });

  it("show the use of GPUs and disks", () => {
    expect(metrics.metrics_collected).toMatchObject({
      nvidia_gpu: {
        measurement: [
          "utilization_gpu",
          "utilization_memory",
          "memory_used",
          "memory_total",
          "temperature_gpu",
        ],
      },
      disk: { resources: ["/", "/data"], measurement: ["used_percent"], drop_device: true },
    });
  });
});

it("an instance without GPUs has all but their metrics", () => {
  const bare = instanceWith({ observability, dataDirectory: "/data", gpus: false });
  const { metrics, ...rest } = JSON.parse(bare.read("cloudwatch-agent.json"));
  const { metrics: all, ...others } = written("cloudwatch-agent.json");
  const { nvidia_gpu, ...collected } = all.metrics_collected;
  expect(nvidia_gpu).toBeDefined();
  expect(metrics).toEqual({ ...all, metrics_collected: collected });
  expect(rest).toEqual(others);
  expect(bare.read("server-metrics.json")).toBe(instance.read("server-metrics.json"));
});

it("logs go to the group each belongs to, in a stream of the instance", () => {
  const { collect_list } = written("cloudwatch-agent.json").logs.logs_collected.files;
  expect(
    collect_list.map((each: Record<string, string>) => [
      each.file_path?.split("/").at(-1),
      each.log_group_name,
      each.log_stream_name,
    ]),
  ).toEqual([
    ["cloud-init-output.log", "/chat/llama/main/boot", "{instance_id}/cloud-init"],
    ["model-server-boot.log", "/chat/llama/main/boot", "{instance_id}/units"],
    ["model-server-phases.log", "/chat/llama/main/metrics", "{instance_id}"],
    ["*-json.log", "/chat/llama/main/server", "{instance_id}"],
    ["amazon-cloudwatch-agent.log", "/chat/llama/main/agent", "{instance_id}"],
  ]);
});

describe("the metrics of the server", () => {
  it("are scraped on the instance, once a minute, and only those that are sent are kept", () => {
    expect(written("prometheus.json")).toEqual({
      global: { scrape_interval: "1m", scrape_timeout: "10s" },
      scrape_configs: [
        {
          job_name: "model-server",
          scheme: "http",
          tls_config: { insecure_skip_verify: true },
          metrics_path: "/metrics/a&b",
          static_configs: [
            { targets: ["127.0.0.1:8000"], labels: { AutoScalingGroupName: "chat.llama.main" } },
          ],
          metric_relabel_configs: [
            { source_labels: ["__name__"], regex: "vllm:num_requests_waiting|busy", action: "keep" },
          ],
        },
      ],
    });
  });

  it("are scraped over TLS if the server uses it", () => {
    const encrypted = instanceWith({
      observability: { ...observability, serverMetrics: { ...serverMetrics, protocol: "https" } },
    });
    expect(JSON.parse(encrypted.read("prometheus.json")).scrape_configs).toEqual([
      expect.objectContaining({ scheme: "https", tls_config: { insecure_skip_verify: true } }),
    ]);
  });

  it("have one name whatever the version, and no series that repeats another", () => {
    const repeated = {
      ...serverMetrics,
      otherNames: { occupied: "busy", "sglang:busy": "busy" },
      countedSeries: { pp_rank: "0?", priority: "" },
    };
    const other = instanceWith({ observability: { ...observability, serverMetrics: repeated } });
    const [{ metric_relabel_configs }] = JSON.parse(other.read("prometheus.json")).scrape_configs;
    const renamed = (regex: string) => ({
      source_labels: ["__name__"],
      regex,
      target_label: "__name__",
      replacement: "busy",
      action: "replace",
    });
    expect(metric_relabel_configs).toEqual([
      renamed("occupied"),
      renamed("sglang:busy"),
      { source_labels: ["__name__"], regex: "vllm:num_requests_waiting|busy", action: "keep" },
      { source_labels: ["pp_rank"], regex: "0?", action: "keep" },
      { source_labels: ["priority"], regex: "", action: "keep" },
    ]);
  });

  it("are asked for with the server's API key, which is in a file", () => {
    const guarded = instanceWith({
      observability: { ...observability, serverMetrics: { ...serverMetrics, bearer: "KEY" } },
    });
    expect(JSON.parse(guarded.read("prometheus.json")).scrape_configs).toEqual([
      expect.objectContaining({ authorization: { credentials_file: "/run/model-server/metrics-token" } }),
    ]);
  });

  it("become metrics of the group", () => {
    expect(written("server-metrics.json").logs.metrics_collected.prometheus).toEqual({
      log_group_name: "/chat/llama/main/metrics",
      prometheus_config_path: "/etc/model-server/prometheus.json",
      emf_processor: {
        metric_namespace: "ModelServing/chat",
        metric_declaration: [
          {
            source_labels: ["AutoScalingGroupName"],
            dimensions: [["AutoScalingGroupName"]],
            metric_selectors: ["^(vllm:num_requests_waiting|busy)$"],
          },
        ],
      },
    });
  });

  it.each([undefined, { ...serverMetrics, gauges: [] }])("are left out without any: %j", (none) => {
    const silent = instanceWith({ observability: { ...observability, serverMetrics: none } });
    expect(silent.calls("agent").map(([, , action]) => action)).toEqual(["fetch-config"]);
    expect(() => silent.read("prometheus.json")).toThrow("ENOENT");
  });
});

describe("the agent", () => {
  const start = (where: FakeInstance, program: string) => [
    [program, "-a", "fetch-config", "-m", "ec2", "-c", `file:${where.path(".")}/cloudwatch-agent.json`],
    [program, "-a", "append-config", "-m", "ec2", "-c", `file:${where.path(".")}/server-metrics.json`],
    ["systemctl", "restart", "amazon-cloudwatch-agent.service"],
  ];

  it("is started with both configurations, and with the unit that writes logs for it", () => {
    expect(instance.calls()).toEqual([
      ["systemctl", "start", "--no-block", "boot-log.service"],
      ...start(instance, "agent"),
    ]);
  });

  it("is started without a reload of systemd, which could take the GPUs from a container", () => {
    const reloads = [...instance.calls("agent").filter((call) => call.includes("-s"))];
    reloads.push(...instance.calls("systemctl").filter((call) => /reload|enable/.test(call.join(" "))));
    expect(reloads).toEqual([]);
  });

  it("is installed where it is missing", () => {
    const bare = new FakeInstance({ observability }).fake("systemctl").fake("installed-agent");
    instances.push(bare);
    bare.set("AGENT", bare.path("agent")).set("CONFIGURATION", bare.path("."));
    bare.fake("dnf", `mv '${bare.path("installed-agent")}' '${bare.path("agent")}'`);
    expect(bare.run("cloudwatch-agent.sh")).toMatchObject({ status: 0 });
    expect(bare.calls().slice(1)).toEqual([
      ["dnf", "install", "--assumeyes", "amazon-cloudwatch-agent"],
      ...start(bare, "installed-agent"),
    ]);
  });

  it("is not started without observability", () => {
    expect(instanceWith({}).calls()).toEqual([]);
  });
});
