import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { probeOf } from "../plan/probe";
import { writtenArgument } from "../plan/server-start";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import type { ServerName } from "../servers/presets";
import { type At, type Check, modelFiles, variantsInRegions } from "./check";
import { looksSecret, secretDiagnostic } from "./software";

/** The request that puts an instance into service: the model can answer it, and the file or the server defines it. */
export const checkProbes: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ name, model, at }) => [
    ...writtenDiagnostics(model, at),
    ...unknownDiagnostics(name, model, at),
  ]),
  ...variantsInRegions(subject).flatMap((each) => [
    ...bearerDiagnostics(subject.file, each),
    ...generationDiagnostics(subject.file, each),
  ]),
];

type Each = ReturnType<typeof variantsInRegions>[number];

function writtenDiagnostics({ probe, protocol }: ModelFile, at: At): readonly Diagnostic[] {
  if (typeof probe !== "object") {
    return [];
  }
  return [
    ...(probe.body === undefined || isJson(probe.body)
      ? []
      : [error("probe-body-not-json", at("probe", "body"), `must be JSON; got '${probe.body}'`)]),
    ...(["path", "body"] as const)
      .filter((field) => looksSecret(probe[field] ?? ""))
      .map((field) => secretDiagnostic(at("probe", field), "its text")),
    ...(protocol === "grpc" && probe.port === undefined
      ? [
          error(
            "probe-port-missing",
            at("probe"),
            "a probe speaks HTTP, and the model's port gRPC; add probe.port, where the server speaks HTTP, or use probe: health",
          ),
        ]
      : []),
  ];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function unknownDiagnostics(name: string, model: ModelFile, at: At): readonly Diagnostic[] {
  const { probe, protocol, server } = model;
  const whose = server === "custom" ? "a custom server" : server;
  return probe !== undefined || probeOf(model, 0) !== undefined
    ? []
    : [
        warning(
          "no-probe",
          at("server"),
          `${name}: no probe is known for ${protocol === "grpc" ? "gRPC" : whose}, so an instance enters service when its health check passes, even if its model does not work; write a probe, or probe: health if that is enough`,
        ),
      ];
}

function bearerDiagnostics(file: ServingFile, { model, variant: { settings } }: Each): readonly Diagnostic[] {
  const probe = file.models[model.name]?.probe;
  const bearer = typeof probe === "object" ? probe.bearer : undefined;
  return bearer === undefined || settings.secrets[bearer] !== undefined || settings.env[bearer] !== undefined
    ? []
    : [
        error(
          "unknown-bearer",
          ["models", model.name, "probe", "bearer"],
          `${bearer} is neither in secrets nor in env; add it, or leave bearer out`,
        ),
      ];
}

/** Arguments by which a server embeds, ranks or classifies, and generates nothing. */
const NO_GENERATION: Readonly<Partial<Record<ServerName, Readonly<Record<string, RegExp>>>>> = {
  vllm: {
    "--runner": /^pooling$/,
    "--convert": /^(embed|classify|reward)$/,
    "--task": /^(embed|embedding|classify|score|reward)$/,
  },
  sglang: { "--is-embedding": /^/ },
  "llama.cpp": { "--embedding": /^/, "--embeddings": /^/, "--rerank": /^/, "--reranking": /^/ },
};

function generationDiagnostics(
  file: ServingFile,
  { model: { name, server }, variant: { settings }, at }: Each,
): readonly Diagnostic[] {
  const probe = file.models[name]?.probe;
  const flags = Object.entries(NO_GENERATION[server] ?? {});
  const [found] = flags.flatMap(([flag, values]) => {
    const written = writtenArgument(server, flag, settings);
    return written !== undefined && values.test(written.value) ? [written] : [];
  });
  return found === undefined || probe !== undefined
    ? []
    : [
        error(
          "probe-without-generation",
          at("arguments", found.index),
          `with ${found.flag} ${server} generates no text, but its probe requests some, so no instance would enter service; write a probe, such as { path: /v1/embeddings, body: '{"model": "{model}", "input": "ready?"}' }, or probe: health`,
        ),
      ];
}
