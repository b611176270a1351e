/** Where a box sends its logs and metrics. */
export interface BoxObservability {
  /** CloudWatch namespace of all its metrics. */
  readonly namespace: string;

  /** Names of the log groups, which have to be there: the box makes none. */
  readonly logGroups: {
    /** What cloud-init and the units of the box say until, and while, the model is served. */
    readonly boot: string;
    /** What the model server says. */
    readonly server: string;
    /** What the CloudWatch agent says about itself. */
    readonly agent: string;
    /** Metrics as log events, in CloudWatch's embedded metric format. */
    readonly metrics: string;
  };

  /**
   * Prometheus metrics of the server to send on.
   *
   * @default none
   */
  readonly serverMetrics?: {
    /** TCP port on the box itself. */
    readonly port: number;
    /** Begins with `/`. */
    readonly path: string;
    /** Gauges, by their names in Prometheus; they have the same in CloudWatch. */
    readonly names: readonly string[];
  };
}

/** Whose logs and metrics they are. */
export interface ObservedBox {
  /** Region of the log groups and metrics. */
  readonly region: string;
  /** Dimension of all metrics. */
  readonly autoScalingGroupName: string;
  /** Where the weights lie; its disk is watched, beside the root's. */
  readonly weightsDirectory: string;
}

/** Where the agent finds what it is to scrape. */
export const PROMETHEUS_FILE = "/etc/model-server/prometheus.json";

const GPU = ["utilization_gpu", "utilization_memory", "memory_used", "memory_total", "temperature_gpu"];
const DISK = ["used_percent"];

/**
 * Configuration of the CloudWatch agent: logs of the boot, the server and the agent itself, and metrics by Auto
 * Scaling group, and by box within it.
 *
 * The group is written as it is named, not looked up: the agent would need to describe all tags of the account. Only
 * the id of the box comes from its metadata.
 *
 * Source: CloudWatch user guide, "Manually create or edit the CloudWatch agent configuration file" and "Set up and
 * configure Prometheus metrics collection on Amazon EC2 instances".
 */
export function agentConfiguration(observability: BoxObservability, box: ObservedBox): object {
  const { namespace, logGroups, serverMetrics } = observability;
  const append_dimensions = { AutoScalingGroupName: box.autoScalingGroupName };
  return {
    agent: { region: box.region, metrics_collection_interval: 60 },
    metrics: {
      namespace,
      append_dimensions: { InstanceId: `\${aws:InstanceId}` },
      aggregation_dimensions: [["AutoScalingGroupName"], ["AutoScalingGroupName", "InstanceId"]],
      metrics_collected: {
        nvidia_gpu: { measurement: GPU, drop_original_metrics: GPU, append_dimensions },
        disk: {
          resources: ["/", box.weightsDirectory],
          measurement: DISK,
          drop_original_metrics: DISK,
          drop_device: true,
          append_dimensions,
        },
      },
    },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            file("/var/log/cloud-init-output.log", logGroups.boot, "/cloud-init"),
            file("/var/log/model-server-boot.log", logGroups.boot, "/units"),
            file("/var/log/model-server-phases.log", logGroups.metrics),
            // Docker's own log of the one container that has one of this kind.
            file("/var/lib/docker/containers/*/*-json.log", logGroups.server),
            file("/opt/aws/amazon-cloudwatch-agent/logs/amazon-cloudwatch-agent.log", logGroups.agent),
          ],
        },
      },
      metrics_collected: serverMetrics && {
        prometheus: {
          log_group_name: logGroups.metrics,
          prometheus_config_path: PROMETHEUS_FILE,
          emf_processor: {
            metric_namespace: namespace,
            metric_declaration: [
              {
                source_labels: ["AutoScalingGroupName"],
                dimensions: [["AutoScalingGroupName"]],
                metric_selectors: serverMetrics.names.map((name) => `^${name}$`),
              },
            ],
          },
        },
      },
    },
  };
}

function file(file_path: string, log_group_name: string, stream = "") {
  return { file_path, log_group_name, log_stream_name: `{instance_id}${stream}` };
}

/**
 * Configuration of Prometheus' kind that the agent scrapes the server by. Only what is sent on is kept.
 *
 * Source: Prometheus documentation, "Configuration".
 */
export function prometheusConfiguration(
  { port, path, names }: NonNullable<BoxObservability["serverMetrics"]>,
  { autoScalingGroupName }: ObservedBox,
): object {
  return {
    global: { scrape_interval: "1m", scrape_timeout: "10s" },
    scrape_configs: [
      {
        job_name: "model-server",
        metrics_path: path,
        static_configs: [
          { targets: [`127.0.0.1:${port}`], labels: { AutoScalingGroupName: autoScalingGroupName } },
        ],
        metric_relabel_configs: [{ source_labels: ["__name__"], regex: names.join("|"), action: "keep" }],
      },
    ],
  };
}
