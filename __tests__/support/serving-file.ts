import { stringify } from "yaml";
import type * as z from "zod";
import { formatPath, placed, renderDiagnostics } from "../../config/diagnostics/diagnostic";
import { visible } from "../../config/diagnostics/text";
import { type Loaded, load } from "../../config/load";
import type { servingFileSchema } from "../../config/schema/deployment";
import { parseSource } from "../../config/source/parse";

/** A `serving.yaml` as a team writes it: defaults left out, durations and sizes as text. */
export type WrittenFile = z.input<typeof servingFileSchema>;

/** A `serving.yaml` without a diagnostic or a warning: one model on three instances in one region. */
export const VALID_YAML = `name: chat
state:
  bucket: example-chat-tfstate
  region: us-east-1
entry:
  domain: models.example.com
  allow: [203.0.113.0/24]
  callers: unauthenticated
alarms:
  email: on-call@example.com
regions:
  us-east-1:
    network:
      create:
        cidr: 10.0.0.0/16
models:
  llama:
    server: vllm
    image: vllm/vllm-openai:v0.28.0
    weights: { uri: s3://example-weights/llama/, size: 15GiB }
    instanceTypes: [g6.2xlarge, g5.2xlarge]
    loadTime: 6m
    longestRequest: 5m
    capacity: { min: 3, max: 6 }
    scaling: { requestsPerMinutePerInstance: 60 }
`;

/** {@link VALID_YAML} as a new value, which a test may change. */
export function validFile(): WrittenFile {
  return {
    name: "chat",
    state: { bucket: "example-chat-tfstate", region: "us-east-1" },
    entry: { domain: "models.example.com", allow: ["203.0.113.0/24"], callers: "unauthenticated" },
    alarms: { email: "on-call@example.com" },
    regions: { "us-east-1": { network: { create: { cidr: "10.0.0.0/16" } } } },
    models: { llama: validModel() },
  };
}

/** The one model of {@link validFile}. */
export function validModel(): WrittenFile["models"][string] {
  return {
    server: "vllm",
    image: "vllm/vllm-openai:v0.28.0",
    weights: { uri: "s3://example-weights/llama/", size: "15GiB" },
    instanceTypes: ["g6.2xlarge", "g5.2xlarge"],
    loadTime: "6m",
    longestRequest: "5m",
    capacity: { min: 3, max: 6 },
    scaling: { requestsPerMinutePerInstance: 60 },
  };
}

/** A file as YAML text. */
export function yamlOf(file: unknown): string {
  return stringify(file, { aliasDuplicateObjects: false });
}

/** The result of YAML text as a `serving.yaml`. */
export function loadYaml(text: string): Loaded {
  const source = parseSource("serving.yaml", text);
  return "diagnostics" in source ? { ok: false, diagnostics: source.diagnostics, source } : load(source);
}

/** The result of a file as a value: faster than YAML, and without line numbers. */
export function loadFile(file: WrittenFile): Loaded {
  return load({ file: "serving.yaml", value: structuredClone(file), locate: () => ({ line: 1, column: 1 }) });
}

/** The deployment that a valid file means, and the file with its defaults. */
export function valid(file: WrittenFile): Extract<Loaded, { readonly ok: true }> {
  const loaded = loadFile(file);
  if (!loaded.ok) {
    throw new Error(
      `the file is not valid:\n${renderDiagnostics(loaded.diagnostics, loaded.source)}\n${yamlOf(file)}`,
    );
  }
  return loaded;
}

/** The diagnostics of YAML text, in the order they are printed. */
export function foundIn(
  text: string,
): readonly { readonly place: string; readonly finding: string; readonly message: string }[] {
  const loaded = loadYaml(text);
  return placed(loaded.ok ? loaded.warnings : loaded.diagnostics, loaded.source).map(
    ({ diagnostic: { code, path, severity, message }, place: { line, column } }) => ({
      place: `${line}:${column}`,
      finding: [severity, ...(path.length > 0 ? [formatPath(path)] : []), code].map(visible).join("  "),
      message: visible(message),
    }),
  );
}

/** The diagnostics of YAML text, in that order: `line:column  severity  path  code  message`. */
export function reportOf(text: string): readonly string[] {
  return foundIn(text).map(({ place, finding, message }) => `${place}  ${finding}  ${message}`);
}
