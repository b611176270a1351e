import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv, { type ErrorObject } from "ajv";

/** The files of configuration that an instance writes for the CloudWatch agent. */
export type AgentFile = "cloudwatch-agent.json" | "server-metrics.json" | "prometheus.json";

const AGENT = "amazon-cloudwatch-agent 1.300071.0, translator/config/schema.json";
const PROMETHEUS = "Prometheus documentation, Configuration, by testing/grammars/cloudwatch-agent/check.ts";

const duration = { type: "string", pattern: "^\\d+(ms|s|m|h)$" };
const label = { type: "string", pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$" };

/**
 * What we write of the configuration of Prometheus, which has no schema: this description is of this project. Prometheus
 * writes the path into a URL and escapes it: a query belongs into `params`.
 */
const PROMETHEUS_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["scrape_configs"],
  properties: {
    global: {
      type: "object",
      additionalProperties: false,
      properties: { scrape_interval: duration, scrape_timeout: duration },
    },
    scrape_configs: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["job_name"],
        properties: {
          job_name: { type: "string", minLength: 1 },
          scheme: { enum: ["http", "https"] },
          tls_config: {
            type: "object",
            additionalProperties: false,
            properties: { insecure_skip_verify: { type: "boolean" } },
          },
          authorization: {
            type: "object",
            additionalProperties: false,
            properties: { credentials_file: { type: "string", pattern: "^/" } },
          },
          metrics_path: { type: "string", pattern: "^/[^?#\\s]*$" },
          static_configs: {
            type: "array",
            items: {
              type: "object",
              additionalProperties: false,
              required: ["targets"],
              properties: {
                targets: { type: "array", items: { type: "string", pattern: "^[^/\\s]+:\\d{1,5}$" } },
                labels: {
                  type: "object",
                  propertyNames: label,
                  additionalProperties: { type: "string" },
                },
              },
            },
          },
          metric_relabel_configs: {
            type: "array",
            items: {
              type: "object",
              additionalProperties: false,
              properties: {
                source_labels: { type: "array", items: label },
                regex: { type: "string", format: "regex" },
                target_label: label,
                replacement: { type: "string" },
                action: { enum: ["keep", "drop", "replace", "labelmap", "labeldrop", "labelkeep"] },
              },
            },
          },
        },
      },
    },
  },
};

// The schema of the agent is of JSON Schema's fourth draft. It uses nothing that later ones read otherwise.
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: { regex: (text) => compiles(text) },
});
const { $schema: _draft, ...schema } = JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8"));
const agentSchema = ajv.compile(schema);
const prometheusSchema = ajv.compile(PROMETHEUS_SCHEMA);

/**
 * What is wrong with a configuration that an instance has written, a sentence each with file and place. Placeholders that
 * are left are wrong too.
 *
 * @param text the file
 */
export function agentFindings(file: AgentFile, text: string): readonly string[] {
  const placeholders = [...new Set(text.match(/@[A-Z_]+@/g))];
  const left = placeholders.map((each) => `${file}: ${each} is left of the template`);
  const [validate, source] =
    file === "prometheus.json" ? [prometheusSchema, PROMETHEUS] : [agentSchema, AGENT];
  const configuration = parsed(text);
  if (configuration === undefined) {
    return [...left, `${file}: it is no JSON (${source})`];
  }
  validate(configuration);
  return [...left, ...(validate.errors ?? []).map((error) => `${file}${sentence(error)} (${source})`)];
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const more = params.additionalProperty ?? params.allowedValues?.join(", ");
  return `${instancePath}: ${message}${more === undefined ? "" : `: ${more}`}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compiles(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
