/** Gauges of a server that an instance sends on, and where it finds them. */
export interface ServerMetrics {
  /**
   * With `https` the certificate is not verified.
   *
   * @default "http"
   */
  readonly protocol?: "http" | "https";
  /** TCP port on the instance itself. */
  readonly port: number;
  /** Begins with `/`; without quotes, backslashes and a query. Prometheus would escape the `?`. */
  readonly path: string;
  /** Names of gauges in Prometheus; CloudWatch has the same names. */
  readonly gauges: readonly string[];
  /**
   * Names that gauges have in other versions of the server, each with its name in `gauges`.
   *
   * @default they have one name
   */
  readonly otherNames?: { readonly [name: string]: string };
  /**
   * Regular expressions of labels, by label. Series with another value are left out. A missing label is the empty text.
   *
   * @default all series are sent
   */
  readonly countedSeries?: { readonly [label: string]: string };
  /**
   * Variable of the server whose value is the bearer token of the requests, if it has a value.
   *
   * @default no token
   */
  readonly bearer?: string;
}

/** File with the bearer token; model-server.sh writes it whenever the server starts. */
export const METRICS_TOKEN = "/run/model-server/metrics-token";

/**
 * The configuration of Prometheus in the CloudWatch agent: it asks the server once a minute, and keeps what is sent.
 *
 * Source: Prometheus documentation, Configuration.
 *
 * @param group name of the Auto Scaling group, a label of every series
 */
export function prometheusConfiguration(metrics: ServerMetrics, group: string): string {
  const { protocol = "http", port, path, gauges, otherNames = {}, countedSeries = {}, bearer } = metrics;
  return JSON.stringify({
    global: { scrape_interval: "1m", scrape_timeout: "10s" },
    scrape_configs: [
      {
        job_name: "model-server",
        scheme: protocol,
        tls_config: { insecure_skip_verify: true },
        ...(bearer === undefined ? {} : { authorization: { credentials_file: METRICS_TOKEN } }),
        metrics_path: path,
        static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { AutoScalingGroupName: group } }],
        metric_relabel_configs: [
          ...Object.entries(otherNames).map(([other, name]) => ({
            source_labels: ["__name__"],
            regex: other,
            target_label: "__name__",
            replacement: name,
            action: "replace",
          })),
          { source_labels: ["__name__"], regex: gauges.join("|"), action: "keep" },
          ...Object.entries(countedSeries).map(([label, regex]) => ({
            source_labels: [label],
            regex,
            action: "keep",
          })),
        ],
      },
    ],
  });
}
