import { type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { servedModel } from "../plan/served-model";
import { describedArchitecture } from "../plan/serving-memory";
import { imageServer, taskOf, taskOfClass } from "../plan/task";
import type { ServingFile } from "../schema/deployment";
import type { ModelFile } from "../schema/model";
import { presetOf } from "../servers/presets";
import { type At, type Check, modelFiles, variantsInRegions, whereWritten } from "./check";
import { looksSecret, secretDiagnostic } from "./software";

/** The request that puts an instance into service: the model can answer it, and the file or the server defines it. */
export const checkProbes: Check = (subject) => [
  ...modelFiles(subject).flatMap(({ model, at }) => writtenDiagnostics(model, at)),
  ...variantsInRegions(subject).flatMap((each) => [
    ...bearerDiagnostics(subject.file, each),
    ...taskDiagnostics(subject.file, each),
    ...unknownDiagnostics(subject.file, each),
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

function unknownDiagnostics(
  file: ServingFile,
  { model: { name, server, protocol }, variant }: Each,
): readonly Diagnostic[] {
  const whose = server === "custom" ? "a custom server" : server;
  const isGrpc = protocol === "grpc";
  const task = file.models[name]?.task ?? taskOf(server, variant.settings)?.task;
  // taskDiagnostics says what is wrong with a task.
  return variant.probe !== "unknown" || (task !== undefined && !isGrpc)
    ? []
    : [
        warning(
          "no-probe",
          ["models", name, "server"],
          `${name}: no probe is known for ${isGrpc ? "gRPC" : whose}, so an instance enters service when its health check passes, even if its model does not work; write a probe, or probe: health if that is enough`,
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

/** A task that the server does not have, that its arguments contradict, or that cannot be told from them. */
function taskDiagnostics(
  file: ServingFile,
  { model: { name, server }, variant: { settings }, at }: Each,
): readonly Diagnostic[] {
  const written = file.models[name];
  const known = taskOf(server, settings);
  if (written === undefined || known === undefined) {
    return [];
  }
  const { task } = written;
  // A task with a probe of the team's own is theirs.
  const images = imageServer(server, settings, written.probe === undefined ? task : undefined);
  if (images !== undefined) {
    const model = settings.model ?? servedModel(server, settings)?.source ?? "…";
    return [
      error(
        "server-of-images",
        task === "image" ? ["models", name, "task"] : at("model"),
        `${looksSecret(model) || /^[/…]/.test(model) ? "the model" : model} makes images or videos, for which ${server} has another server, with other options and paths; write ${images.fields.replace("{model}", looksSecret(model) ? "…" : model)}`,
      ),
    ];
  }
  const where = ["models", name, "task"];
  const { toldBy } = known;
  if (toldBy !== undefined && task !== undefined && known.task !== "unknown" && known.task !== task) {
    return [
      error(
        "task-contradicts-arguments",
        whereWritten(settings, at, toldBy.index),
        `with ${toldBy.flag} ${server} does another task, ${known.task}, than task: ${task} says; remove one of the two`,
      ),
    ];
  }
  const tasks = Object.keys(presetOf(server)?.tasks?.probes ?? {});
  if (task !== undefined && !tasks.includes(task) && written.probe === undefined) {
    return [
      error(
        "task-not-known",
        where,
        `no request for the task ${task} is known of ${server}, only for ${tasks.join(", ")}; write a probe, or probe: health`,
      ),
    ];
  }
  if (task !== undefined || written.probe !== undefined) {
    return [];
  }
  const ofClass = toldBy === undefined ? taskOfClass(describedArchitecture(settings)) : undefined;
  if (ofClass !== undefined && !tasks.includes(ofClass.task)) {
    return [
      error(
        "task-not-known",
        at("memory", "config"),
        `is of a ${ofClass.className}, whose task is ${ofClass.task}, and ${server} has only ${tasks.join(", ")}; use another server, or write task or probe if it has`,
      ),
    ];
  }
  if (known.task !== "unknown") {
    return [];
  }
  return toldBy === undefined
    ? [
        error(
          "task-not-told",
          at("image"),
          `the name of the image does not tell what its model does, and the request that it answers depends on that; write task: ${tasks.join(", ").replace(/, (\w+)$/, " or $1")}, or a probe; for another task probe: health, and its paths as publicPaths: [/v1/infer]`,
        ),
      ]
    : [
        error(
          "task-not-told",
          whereWritten(settings, at, toldBy.index),
          `with ${toldBy.flag} ${server} generates no text, and the request that it answers depends on its task; write task: embed, rerank or classify, or a probe`,
        ),
      ];
}
