import { bothGiven, type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import { keyVariable, serverSecrets } from "../plan/api-key";
import { instanceLayers, instanceSetting, settingsOfRun } from "../plan/overrides";
import { mountsLost } from "../plan/run";
import { presetOf } from "../servers/presets";
import { lineIndex } from "../servers/run/shell-line";
import { leftInBackground } from "./background";
import { type Check, type Subject, type VariantInRegion, variantsInRegions } from "./check";
import { SECRET_NAME } from "./software";

/** The command of the container: said once, by a `docker run` line or by fields, and carried over as a whole. */
export const checkRun: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...missingImage(each),
    ...givenTwice(subject, each),
    ...runDiagnostics(subject, each),
    ...shellDiagnostics(each),
  ]);

function missingImage({ model, variant }: VariantInRegion): readonly Diagnostic[] {
  return variant.settings.image === ""
    ? [
        error(
          "missing-field",
          ["models", model.name, "image"],
          "is required: a container image with a version tag or digest, for example vllm/vllm-openai:v0.28.0; or a whole docker run line in run",
        ),
      ]
    : [];
}

/** A `run` line and a field that it sets, in the same place. */
function givenTwice({ file }: Subject, { region, model, variant }: VariantInRegion): readonly Diagnostic[] {
  return instanceLayers(file, region.name, model.name, variant.name).flatMap(({ path, fields }) =>
    Object.entries(settingsOfRun(fields))
      .filter(([field, value]) => value !== undefined && isWritten(fields[field as keyof typeof fields]))
      .map(([field]) =>
        bothGiven(
          [...path, field],
          [...path, "run"],
          `${field} is in the docker run line of run; remove one of the two`,
        ),
      ),
  );
}

/** The model has empty arguments and variables as a default. */
function isWritten(value: unknown): boolean {
  return value !== undefined && (typeof value !== "object" || Object.keys(Object(value)).length > 0);
}

function runDiagnostics({ file }: Subject, each: VariantInRegion): readonly Diagnostic[] {
  const { region, model, variant } = each;
  const { value: run, path } = instanceSetting(file, region.name, model.name, variant.name, "run");
  if (run === undefined) {
    return [];
  }
  const key = keyVariable(model.server, variant.settings);
  const given = serverSecrets(model.server, variant.settings);
  return [
    ...run.taken
      .filter((name) => given[name] === undefined)
      .map((name) => {
        const secret = `the ARN of its secret into ${name === key ? "apiKey" : "secrets"}`;
        return error(
          "run-variable-without-value",
          path,
          `${name} has no value in the line, and instances have none to take it from; write ${SECRET_NAME.test(name) ? secret : `its value into the line, or ${secret}`}`,
        );
      }),
    ...portDiagnostics(each, run.published, path),
    ...lostFiles(each, run.envFiles, path),
    ...(run.gpus === undefined
      ? []
      : [
          warning(
            "run-gpus-chosen",
            path,
            `the line chooses GPUs (${run.gpus}), and the server gets all of its instance; choose the instance types by instanceTypes, and write --gpus all`,
          ),
        ]),
    ...(run.lost.length === 0
      ? []
      : [
          warning(
            "run-options-lost",
            path,
            `instances start the container without ${together(run.lost)}; remove ${run.lost.length === 1 ? "it" : "them"}, or build what the server needs into the image`,
          ),
        ]),
  ];
}

/** A published port that the load balancer would not reach: the container is on the instance's own network. */
function portDiagnostics(
  { model }: VariantInRegion,
  published: readonly number[],
  path: Path,
): readonly Diagnostic[] {
  const known = [model.port, model.healthPort, model.metrics?.port, presetOf(model.server)?.grpcPort];
  const [first] = published;
  return first === undefined || published.some((port) => known.includes(port))
    ? []
    : [
        error(
          "run-port-differs",
          path,
          `the line publishes port ${first} of the container, and the model's port is ${model.port}; write port: ${first}`,
        ),
      ];
}

function lostFiles(
  { model, variant: { settings } }: VariantInRegion,
  envFiles: number,
  path: Path,
): readonly Diagnostic[] {
  const mounts = mountsLost(model.server, settings).map((target) =>
    error(
      "run-files-not-carried-over",
      path,
      `instances have nothing to mount at ${target}; write weights: { uri: s3://… } for a model, which lies at /models then, files for a configuration file, mounts for what the server writes, and remove the mount from the line`,
    ),
  );
  return envFiles === 0
    ? mounts
    : [
        ...mounts,
        error(
          "run-files-not-carried-over",
          path,
          "instances do not have the file after --env-file; write its variables into the line, and those with secret values into secrets",
        ),
      ];
}

/** A shell as the program: what is derived for the server follows the line that the shell runs. */
function shellDiagnostics({ model, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { settings, entrypoint, arguments: all } = variant;
  const line = lineIndex(settings.command ?? []);
  if (
    entrypoint === undefined ||
    line === undefined ||
    leftInBackground(model.server, settings) !== undefined
  ) {
    return [];
  }
  const own = (settings.command?.length ?? 0) - 1 + settings.arguments.length;
  const takesThem = /\$[@*]/.test(settings.command?.[line] ?? "");
  const derived = all.slice(own);
  return derived.length === 0 || takesThem
    ? []
    : [
        warning(
          "shell-hides-arguments",
          at("command"),
          `${entrypoint} runs a line of its own, and ${model.server} does not get ${derived.join(" ")}; end the line with "$@", and add a word after it, which becomes $0`,
        ),
      ];
}
