import {
  agentConfiguration,
  type BoxObservability,
  type ObservedBox,
  prometheusConfiguration,
} from "../../boot/cloudwatch-agent";
import { renderUserData } from "../../boot/user-data";
import { FakeBox, filesOf, plainFacts } from "./box";

const serverMetrics = { port: 8000, path: "/metrics", names: ["vllm:num_requests_waiting", "b"] };
const observability: BoxObservability = {
  namespace: "ModelServing/chat",
  logGroups: { boot: "/c/boot", server: "/c/server", agent: "/c/agent", metrics: "/c/metrics" },
  serverMetrics,
};
const box: ObservedBox = {
  region: "eu-west-1",
  autoScalingGroupName: "chat.llama.main",
  weightsDirectory: "/models",
};
const configured = JSON.parse(JSON.stringify(agentConfiguration(observability, box)));

describe("the agent's metrics", () => {
  const { metrics } = configured;

  it("are in the deployment's namespace", () => {
    expect(metrics.namespace).toBe("ModelServing/chat");
  });

  it("are summed up by group, and by box, and not sent for each GPU and disk", () => {
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

  it("name the group without asking AWS for it", () => {
    expect(metrics.append_dimensions).toEqual({ InstanceId: `\${aws:InstanceId}` });
    for (const { append_dimensions } of Object.values<Record<string, unknown>>(metrics.metrics_collected)) {
      expect(append_dimensions).toEqual({ AutoScalingGroupName: "chat.llama.main" });
    }
  });

  it("tell how busy and how full GPUs and disks are", () => {
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
      disk: { resources: ["/", "/models"], measurement: ["used_percent"], drop_device: true },
    });
  });

  it("hold what the server itself counts", () => {
    expect(configured.logs.metrics_collected.prometheus).toEqual({
      log_group_name: "/c/metrics",
      prometheus_config_path: "/etc/model-server/prometheus.json",
      emf_processor: {
        metric_namespace: "ModelServing/chat",
        metric_declaration: [
          {
            source_labels: ["AutoScalingGroupName"],
            dimensions: [["AutoScalingGroupName"]],
            metric_selectors: ["^vllm:num_requests_waiting$", "^b$"],
          },
        ],
      },
    });
  });

  it("leave out a server that counts nothing", () => {
    const { logs } = JSON.parse(
      JSON.stringify(agentConfiguration({ ...observability, serverMetrics: undefined }, box)),
    );
    expect(Object.keys(logs)).toEqual(["logs_collected"]);
  });
});

it("logs go to the group each belongs to, in a stream of the box", () => {
  const { collect_list } = configured.logs.logs_collected.files;
  expect(
    collect_list.map((each: Record<string, string>) => [
      each.file_path?.split("/").at(-1),
      each.log_group_name,
      each.log_stream_name,
    ]),
  ).toEqual([
    ["cloud-init-output.log", "/c/boot", "{instance_id}/cloud-init"],
    ["model-server-boot.log", "/c/boot", "{instance_id}/units"],
    ["model-server-phases.log", "/c/metrics", "{instance_id}"],
    ["*-json.log", "/c/server", "{instance_id}"],
    ["amazon-cloudwatch-agent.log", "/c/agent", "{instance_id}"],
  ]);
});

it("the server is asked on the box, once a minute, and only what is sent on is kept", () => {
  expect(prometheusConfiguration(serverMetrics, box)).toEqual({
    global: { scrape_interval: "1m", scrape_timeout: "10s" },
    scrape_configs: [
      {
        job_name: "model-server",
        metrics_path: "/metrics",
        static_configs: [
          { targets: ["127.0.0.1:8000"], labels: { AutoScalingGroupName: "chat.llama.main" } },
        ],
        metric_relabel_configs: [
          { source_labels: ["__name__"], regex: "vllm:num_requests_waiting|b", action: "keep" },
        ],
      },
    ],
  });
});

describe("a box", () => {
  const names = (facts: Partial<typeof plainFacts>) =>
    [...filesOf(renderUserData({ ...plainFacts, ...facts })).keys()].filter((path) => path.endsWith(".json"));

  it("is given the configurations", () => {
    const files = filesOf(renderUserData({ ...plainFacts, observability }));
    expect(JSON.parse(files.get("/etc/model-server/cloudwatch-agent.json") ?? "")).toEqual(configured);
    expect(JSON.parse(files.get("/etc/model-server/prometheus.json") ?? "")).toEqual(
      prometheusConfiguration(serverMetrics, box),
    );
  });

  it("watches the disk the weights are on", () => {
    const weights = { uri: "s3://acme/llama/", directory: "/data" };
    const files = filesOf(renderUserData({ ...plainFacts, weights, observability }));
    expect(files.get("/etc/model-server/cloudwatch-agent.json")).toContain('"resources":["/","/data"]');
  });

  it("is given none where nothing is observed, and no scraping where the server counts nothing", () => {
    expect(names({})).toEqual([]);
    expect(names({ observability: { ...observability, serverMetrics: undefined } })).toEqual([
      "/etc/model-server/cloudwatch-agent.json",
    ]);
  });
});

describe("the agent", () => {
  const agentOn = (fakeBox: FakeBox) => fakeBox.set("AGENT", fakeBox.path("agent"));
  const started = ["agent", "-a", "fetch-config", "-m", "ec2", "-s"];
  const config = ["-c", "file:/etc/model-server/cloudwatch-agent.json"];

  it("is started with the configuration of the box", () => {
    const fakeBox = agentOn(new FakeBox().fake("agent").fake("dnf"));
    expect(fakeBox.run("cloudwatch-agent.sh")).toMatchObject({ status: 0 });
    expect(fakeBox.calls()).toEqual([[...started, ...config]]);
    fakeBox.remove();
  });

  it("is installed where it is missing", () => {
    const fakeBox = agentOn(new FakeBox().fake("installed-agent"));
    fakeBox.fake("dnf", `mv '${fakeBox.path("installed-agent")}' '${fakeBox.path("agent")}'`);
    expect(fakeBox.run("cloudwatch-agent.sh")).toMatchObject({ status: 0 });
    expect(fakeBox.calls()).toEqual([
      ["dnf", "install", "--assumeyes", "amazon-cloudwatch-agent"],
      ["installed-agent", ...started.slice(1), ...config],
    ]);
    fakeBox.remove();
  });
});
