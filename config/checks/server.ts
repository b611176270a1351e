import { type Diagnostic, error } from "../diagnostics/diagnostic";
import type { InstanceSettings } from "../plan/overrides";
import {
  type ServerOption,
  type StartFacts,
  serverOptions,
  startFacts,
  writtenArgument,
} from "../plan/server-start";
import { defaultPort, presetOf } from "../servers/presets";
import { isBefore, versionText } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** The options of a variant's server: stated once, so that what follows from them stays true. */
export const checkServers: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...contradictions(each),
    ...joinedArguments(each),
    ...stageDiagnostics(each),
    ...versionDiagnostics(each),
    ...protocolDiagnostics(each),
    ...portDiagnostics(each),
  ]);

/** The team's own arguments and variables that contradict the file. */
function contradictions({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { settings } = variant;
  const facts = startFacts(model);
  return serverOptions(settings, facts).flatMap((option) => {
    const stated = statedValue(option, settings, model.port);
    if (stated === undefined) {
      return [];
    }
    if (option.by === "env") {
      const written = settings.env[option.name];
      const value = option.field === "port" ? portIn(written, facts) : written;
      return written === undefined || value === undefined || same(value, stated)
        ? []
        : [
            error(
              "argument-contradicts-file",
              at("env", option.name),
              `${written} contradicts ${option.field}, which is ${stated}; write it there only`,
            ),
          ];
    }
    const written = writtenArgument(facts.server, option.name, settings);
    return written === undefined || same(written.value, stated)
      ? []
      : [
          error(
            "argument-contradicts-file",
            at("arguments", written.index),
            `${written.flag} ${written.value} contradicts ${option.field}, which is ${stated}; write it there only`,
          ),
        ];
  });
}

/** The port of a variable such as `0.0.0.0:11434`; the server's default, where it has none. */
function portIn(written: string | undefined, { server, protocol }: StartFacts): string | undefined {
  return written === undefined
    ? undefined
    : (/(?:^|:)(\d+)$/.exec(written)?.[1] ?? String(defaultPort(server, protocol)));
}

/** Another path or name for the model contradicts nothing that is derived; checkTargetTls checks certificates. */
const FREE = ["weights", "models", "targetTls"];

function statedValue(
  { field, value }: ServerOption,
  { memory }: InstanceSettings,
  port: number,
): number | string | undefined {
  if (FREE.includes(field)) {
    return undefined;
  }
  if (field === "port") {
    return port;
  }
  return field === "memory.tensorParallel" && memory !== undefined ? (value ?? 1) : value;
}

function same(written: string, stated: number | string): boolean {
  return written === String(stated) || (written.trim() !== "" && Number(written) === stated);
}

/** A flag and its value in one item: no shell splits them, so the server would look for a flag with a space in it. */
function joinedArguments({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  return settings.arguments.flatMap((argument, index) => {
    const [, flag, value] = /^(--?[A-Za-z][\w.-]*)\s+(\S.*)$/s.exec(argument) ?? [];
    return flag === undefined
      ? []
      : [
          error(
            "arguments-joined",
            at("arguments", index),
            `"${argument}" reaches the server as one argument; write two, ${flag} and "${value}"`,
          ),
        ];
  });
}

/** Stages for a server that has an argument for splitting a model, and none for stages. */
function stageDiagnostics({ model, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { server } = model;
  const { argumentNames } = presetOf(server) ?? {};
  const { pipelineParallel = 1 } = settings.memory ?? {};
  return pipelineParallel > 1 &&
    argumentNames?.tensorParallel !== undefined &&
    argumentNames.pipelineParallel === undefined
    ? [
        error(
          "stages-not-supported",
          at("memory", "pipelineParallel"),
          `${server} does not split a model into stages; leave pipelineParallel out, and count all GPUs in tensorParallel`,
        ),
      ]
    : [];
}

/** An image whose tag shows that its server is too old for its arguments and would not start. */
function versionDiagnostics({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const drain = presetOf(model.server)?.drain;
  return drain?.by === "argument" &&
    drain.since !== undefined &&
    isBefore(drain.since, variant.settings.image)
    ? [
        error(
          "server-version-too-old",
          at("image"),
          `${model.server} before ${versionText(drain.since)} does not start with ${drain.name}, which lets a leaving instance finish its requests; use a later version, or server: custom`,
        ),
      ]
    : [];
}

/** A protocol that the server does not support: the load balancer would find no instance healthy, ever. */
function protocolDiagnostics({ model, variant }: VariantInRegion): readonly Diagnostic[] {
  const { server, protocol } = model;
  const support = protocol === "http1" ? undefined : presetOf(server)?.protocols?.[protocol];
  const where = ["models", model.name, "protocol"];
  if (support === "never") {
    return [
      error(
        "protocol-not-spoken",
        where,
        `${server} does not speak ${protocol}, so no instance would become healthy; use http1, or server: custom if yours does`,
      ),
    ];
  }
  return support !== undefined && writtenArgument(server, support.enabledBy, variant.settings) === undefined
    ? [
        error(
          "protocol-not-enabled",
          where,
          `${server} speaks ${protocol} only with the argument ${support.enabledBy}; add it, or use http1`,
        ),
      ]
    : [];
}

/** A port that the server already uses for something else. */
function portDiagnostics({ model }: VariantInRegion): readonly Diagnostic[] {
  const { server, protocol, port } = model;
  const preset = presetOf(server);
  return protocol === "grpc" && preset?.grpcPort !== undefined && port === preset.port
    ? [
        error(
          "port-taken",
          ["models", model.name, "port"],
          `${server} serves HTTP at port ${port}; leave port out, and ${protocol} uses ${preset.grpcPort}`,
        ),
      ]
    : [];
}
