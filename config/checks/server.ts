import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { argumentAnywhere, startsAnotherProgram } from "../plan/command-line";
import type { InstanceSettings } from "../plan/overrides";
import { drainSupport, type ServerOption, serverOptions } from "../plan/server-start";
import { type StartFacts, startFacts } from "../plan/start-facts";
import { valueOfFlag, writtenArgument } from "../plan/written-argument";
import type { ServingFile } from "../schema/deployment";
import { driverNeeded } from "../servers/driver";
import { otherImage } from "../servers/other-images";
import { defaultPort, presetOf, type ServerName, versionOf } from "../servers/presets";
import { isBefore, versionText } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions, whereWritten } from "./check";
import { wordsAsList } from "./words-as-list";

/** The options of a variant's server: stated once, so that what follows from them stays true. */
export const checkServers: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...contradictions(each),
    ...addressDiagnostics(each),
    ...pathPrefixDiagnostics(each),
    ...joinedArguments(each),
    ...unexpandedArguments(each),
    ...machineDiagnostics(each),
    ...stageDiagnostics(each),
    ...drainDiagnostics(each),
    ...keepAliveDiagnostics(subject.file, each),
    ...healthDiagnostics(each),
    ...driverDiagnostics(each),
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

/** checkTargetTls checks certificates. A server may wait longer for its parts. */
const FREE = ["targetTls", "timing.launchHook"];

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
    if (!/^--?[A-Za-z][\w.-]*\s+\S/.test(argument)) {
      return [];
    }
    const words = wordsAsList(argument);
    return [
      error(
        "arguments-joined",
        at("arguments", index),
        `"${argument}" reaches the server as one argument; write each word on its own${words === undefined ? "" : `, ${words}`}`,
      ),
    ];
  });
}

/** A variable that only a shell, or Kubernetes, would replace. */
const VARIABLE = /^(?:--?[\w-]+=)?(\$\([A-Za-z_]\w*\)|\$\{[A-Za-z_]\w*\}|\$[A-Z_][A-Z0-9_]*)$/;

/** Words that stand for a value, which the server gets as they are. A program of the team's own may replace them. */
function unexpandedArguments({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  return startsAnotherProgram(server, settings)
    ? []
    : settings.arguments.flatMap((argument, index) => {
        const [, variable] = VARIABLE.exec(argument) ?? [];
        return variable === undefined
          ? []
          : [
              error(
                "variable-not-replaced",
                at("arguments", index),
                `no shell runs, and the server gets ${variable} as it stands; write its value`,
              ),
            ];
      });
}

/** The argument by which a copy of a model is one of several machines. */
const MACHINES = "--nnodes";

/** A server that waits for others, on machines that do not know one another. */
function machineDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const written = argumentAnywhere(server, MACHINES, settings);
  return written === undefined || !(Number(written.value) > 1)
    ? []
    : [
        error(
          "several-machines",
          whereWritten(settings, at, written.index),
          `with ${written.flag} ${written.value} each instance waits for others, and instances of a group do not know one another; use a type whose GPUs hold the model`,
        ),
      ];
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

/** An argument with another value than that on which health checks and metrics depend. */
function addressDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const ofPreset = presetOf(server)?.arguments ?? {};
  return [
    ...unreachable(server, settings, at, Object.keys(ofPreset)),
    ...Object.entries(ofPreset).flatMap(([name, value]) => {
      const written = writtenArgument(server, name, settings);
      return written === undefined || value === true || written.value === value || written.value === "::"
        ? []
        : [
            error(
              "server-not-reachable",
              at("arguments", written.index),
              `with ${written.flag} ${written.value} the load balancer does not reach ${server}; leave it out, and it listens at ${value}`,
            ),
          ];
    }),
  ];
}

/** A beginning of the server's paths of which nothing here knows: the load balancer takes that of a route off. */
function pathPrefixDiagnostics({
  model: { server, name },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { argument, variable, none } = presetOf(server)?.pathPrefix ?? {};
  const written = argument === undefined ? undefined : argumentAnywhere(server, argument, settings);
  const value = variable === undefined ? undefined : settings.env[variable];
  const found = [
    ...(written === undefined
      ? []
      : [
          {
            ...written,
            path: whereWritten(settings, at, written.index),
          },
        ]),
    ...(variable === undefined || value === undefined
      ? []
      : [{ path: at("env", variable), flag: variable, value }]),
  ];
  return found
    .filter((each) => each.value !== none)
    .map(({ path, flag, value: prefix }) =>
      error(
        "server-paths-moved",
        path,
        `with ${flag} ${prefix} the paths of ${server} begin with ${prefix}, and the load balancer, the health check and the probe ask for them without; remove it, and write routes: [{ prefix: ${prefix} }], or leave the default, /${name}`,
      ),
    );
}

/** Arguments and variables with the address at which servers listen. */
const HOST_ARGUMENTS = ["--host", "--hostname", "--bind", "--listen"];
const HOST_VARIABLES = [
  "HOST",
  "HOSTNAME",
  "OLLAMA_HOST",
  "GRADIO_SERVER_NAME",
  "RAY_SERVE_DEFAULT_HTTP_HOST",
];

/** Arguments with which a server listens at no port at all. Source: vLLM docs, vllm serve. */
const WITHOUT_PORT: Partial<Readonly<Record<ServerName, readonly string[]>>> = {
  vllm: ["--uds", "--headless"],
};

/** Addresses that only the instance itself reaches. */
export const LOOPBACK = /^(localhost|127\.[\d.]+|\[?::1\]?)(:\d+)?$/i;

/** A server that listens where only its instance reaches it: its probe passes, and its target is never healthy. */
function unreachable(
  server: ServerName,
  settings: VariantInRegion["variant"]["settings"],
  at: VariantInRegion["at"],
  reported: readonly string[],
): readonly Diagnostic[] {
  const byArgument = HOST_ARGUMENTS.filter((name) => !reported.includes(name)).flatMap((name) => {
    const found = valueOfFlag(name, settings.arguments);
    return found !== undefined && LOOPBACK.test(found.value)
      ? [{ path: at("arguments", found.index), words: `${name} ${found.value}` }]
      : [];
  });
  const byVariable = HOST_VARIABLES.flatMap((name) => {
    const value = settings.env[name];
    return value !== undefined && LOOPBACK.test(value)
      ? [{ path: at("env", name), words: `${name}=${value}` }]
      : [];
  });
  const withoutPort = (WITHOUT_PORT[server] ?? []).flatMap((name) => {
    const found = valueOfFlag(name, settings.arguments);
    return found === undefined ? [] : [{ path: at("arguments", found.index), words: name }];
  });
  return [...byArgument, ...byVariable, ...withoutPort].map(({ path, words }) =>
    error(
      "server-not-reachable",
      path,
      `with ${words} the load balancer does not reach ${server}, and the instance's own probe passes; leave it out`,
    ),
  );
}

/** A server that drops its requests at SIGTERM, because its image has no argument for that, or is not known to have it. */
function drainDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const drain = presetOf(server)?.drain;
  const support = drainSupport(server, settings.image);
  if (
    drain?.by !== "argument" ||
    support === "full" ||
    otherImage(server, settings.image) !== undefined ||
    // An image without a tag or a digest is asked for one.
    !/[:@][^/]*$/.test(settings.image) ||
    writtenArgument(server, drain.name, settings) !== undefined
  ) {
    return [];
  }
  const { since = [], reliableSince = since } = drain;
  const version = versionOf(server, settings.image);
  const good = versionText(reliableSince);
  const found =
    version === undefined
      ? `the version of ${server} is not known from its image, so ${drain.name} is left out, and requests that outlast the load balancer's drain are cut when an instance stops; add it to arguments if the image has ${good} or later`
      : support === "none"
        ? `${server} ${versionText(version)} has no ${drain.name}, so requests that outlast the load balancer's drain are cut when an instance stops; use ${good} or later`
        : `${server} ${versionText(version)} may close its connections although ${drain.name} is passed, so requests that outlast the load balancer's drain may be cut when an instance stops; use ${good} or later`;
  return [warning("server-cuts-requests", at("image"), found)];
}

/** A server whose version closes idle connections early, although the variable for that is passed. */
function keepAliveDiagnostics(
  { models }: ServingFile,
  { model: { name, server }, variant: { settings }, at }: VariantInRegion,
): readonly Diagnostic[] {
  const keepAlive = presetOf(server)?.keepAlive;
  const version = versionOf(server, settings.image);
  return keepAlive?.by === "env" &&
    isBefore(version, keepAlive.since) &&
    models[name]?.timing.serverKeepAlive === undefined
    ? [
        warning(
          "keep-alive-unknown",
          at("image"),
          `${server} before ${versionText(keepAlive.since ?? [])} closes idle connections after 5 s, and then the load balancer answers 502 at random; use a later version`,
        ),
      ]
    : [];
}

/** Time within which a generation answers its health check, or the server says that it is not healthy. Source: sglang/srt/environ.py, SGLANG_HEALTH_CHECK_TIMEOUT. */
const GENERATION_TIMEOUT = 20;

/** A health check that is a generation: a busy server answers it late, and a healthy instance would be replaced. */
function healthDiagnostics({ model, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { server, healthPath, timing } = model;
  const preset = presetOf(server);
  return isBefore(versionOf(server, settings.image), preset?.healthGeneratesBefore) &&
    healthPath === preset?.healthPath &&
    timing.healthTimeout.value <= GENERATION_TIMEOUT
    ? [
        warning(
          "health-check-generates",
          at("image"),
          `before ${versionText(preset.healthGeneratesBefore ?? [])} ${healthPath} of ${server} is a generation, which a busy server answers after up to ${GENERATION_TIMEOUT} s, so instances would be replaced for being busy; use a later version, or write health: { interval: 30s, timeout: 21s }`,
        ),
      ]
    : [];
}

/** A machine image that was chosen by hand, and may be older than the driver that the container needs. */
function driverDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { image, ami } = settings;
  const needed = driverNeeded(server, image);
  const field = ami.id !== undefined ? "id" : "parameterVersion";
  return ami[field] !== undefined && needed?.cuda === 13
    ? [
        warning(
          "driver-may-be-too-old",
          at("ami", field),
          `${needed.by} needs NVIDIA driver ${needed.driver} or later, which AWS's images have since December 2025; make sure that this one has it, or leave it out`,
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
