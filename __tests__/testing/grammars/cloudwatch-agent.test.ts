import { readFileSync } from "node:fs";
import { prometheusConfiguration } from "../../../boot/prometheus";
import { agentFindings } from "../../../testing/grammars/cloudwatch-agent/check";
import { scriptOf } from "../../boot/instance";

const AGENT = "(amazon-cloudwatch-agent 1.300071.0, translator/config/schema.json)";
const PROMETHEUS = "(Prometheus documentation, Configuration, by testing/grammars/cloudwatch-agent/check.ts)";

/** A file of boot/ with its placeholders filled. */
const filled = (file: string) =>
  readFileSync(scriptOf(file), "utf8")
    .replaceAll("@DATA@", "/model-data")
    .replaceAll(/@[A-Z_]+@/g, "chat");

const prometheus = prometheusConfiguration(
  {
    port: 8000,
    path: "/metrics",
    gauges: ["chat"],
    otherNames: { talk: "chat" },
    countedSeries: { rank: "0?" },
    bearer: "KEY",
  },
  "chat.llama.main",
);

it("finds nothing in prometheus.json as it should be", () => {
  expect(agentFindings("prometheus.json", prometheus)).toEqual([]);
});

it.each(["cloudwatch-agent.json", "server-metrics.json"] as const)(
  "finds nothing in %s as it should be",
  (file) => {
    expect(agentFindings(file, filled(file))).toEqual([]);
  },
);

describe("the configuration of the agent", () => {
  const changed = (from: string, to: string) =>
    agentFindings("cloudwatch-agent.json", filled("cloudwatch-agent.json").replaceAll(from, to));

  it.each([
    ['"metrics_collected"', '"metrics"', "/metrics: must have required property 'metrics_collected'"],
    ['"namespace"', '"name_space"', "/metrics: must NOT have additional properties: name_space"],
    [
      '"metrics_collection_interval": 60',
      '"metrics_collection_interval": "60"',
      "/agent/metrics_collection_interval: must be integer",
    ],
    [
      '"drop_device": true',
      '"drop_device": "yes"',
      "/metrics/metrics_collected/disk/drop_device: must be boolean",
    ],
    [
      '"log_group_name"',
      '"group"',
      "/logs/logs_collected/files/collect_list/0: must NOT have additional properties: group",
    ],
  ])("with %s as %s is found", (from, to, sentence) => {
    expect(changed(from, to)).toContain(`cloudwatch-agent.json${sentence} ${AGENT}`);
  });

  it("that is no JSON is found, and what is left of the template", () => {
    expect(agentFindings("server-metrics.json", '{"logs": "@LOGS@"')).toEqual([
      "server-metrics.json: @LOGS@ is left of the template",
      `server-metrics.json: it is no JSON ${AGENT}`,
    ]);
  });
});

describe("the configuration of Prometheus", () => {
  const changed = (from: string, to: string) =>
    agentFindings("prometheus.json", prometheus.replaceAll(from, to));

  it.each([
    ["/metrics", "/metrics?a=1", '/scrape_configs/0/metrics_path: must match pattern "^/[^?#\\s]*$"'],
    ['"http"', '"ftp"', "/scrape_configs/0/scheme: must be equal to one of the allowed values: http, https"],
    ["1m", "1 minute", '/global/scrape_interval: must match pattern "^\\d+(ms|s|m|h)$"'],
    ['"job_name"', '"job"', "/scrape_configs/0: must have required property 'job_name'"],
    [
      '"regex":"chat"',
      '"regex":"("',
      '/scrape_configs/0/metric_relabel_configs/1/regex: must match format "regex"',
    ],
  ])("with %s as %s is found", (from, to, sentence) => {
    expect(changed(from, to)).toContain(`prometheus.json${sentence} ${PROMETHEUS}`);
  });
});
