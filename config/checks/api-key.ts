import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { keyVariable } from "../plan/api-key";
import { writtenArgument } from "../plan/written-argument";
import { presetOf, versionOf } from "../servers/presets";
import { isAtLeast, versionText } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** The API key that a server asks of its callers: it reaches the server, or the server would be open. */
export const checkApiKeys: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...givenDiagnostics(each),
    ...unreadDiagnostics(each),
    ...workerDiagnostics(each),
  ]);

const ELSEWHERE = "restrict callers by entry.allow, or put a gateway that asks for a key in front";

function givenDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { apiKey, secrets, env, image } = settings;
  if (apiKey === undefined) {
    return [];
  }
  const taken = presetOf(server)?.apiKey;
  if (taken === undefined) {
    return [
      error(
        "api-key-not-taken",
        at("apiKey"),
        "how a custom server takes its key is not known; write the ARN into secrets, under the variable that the server reads",
      ),
    ];
  }
  if (taken.by === "none") {
    return [
      error(
        "api-key-not-taken",
        at("apiKey"),
        `${server} asks its callers for no key: ${taken.instead}; ${ELSEWHERE}`,
      ),
    ];
  }
  if (taken.by === "argument" && settings.command !== undefined) {
    return [
      error(
        "api-key-not-taken",
        at("apiKey"),
        `${server} gets its key by the command of its preset, which command replaces; remove command`,
      ),
    ];
  }
  const version = versionOf(server, image);
  if (
    taken.by === "env" &&
    taken.since !== undefined &&
    version !== undefined &&
    !isAtLeast(version, taken.since)
  ) {
    return [
      error(
        "api-key-not-taken",
        at("apiKey"),
        `${server} ${versionText(version)} does not read ${taken.name}, so it would be open; use ${versionText(taken.since)} or later`,
      ),
    ];
  }
  const variable = keyVariable(server, settings) ?? "";
  return [
    ...(secrets[variable] === undefined
      ? []
      : [
          error(
            "both-given",
            at("secrets", variable),
            `${variable} is the server's key, and apiKey gives it too; remove one of the two`,
          ),
        ]),
    ...(env[variable] === undefined
      ? []
      : [
          error(
            "both-given",
            at("env", variable),
            `${variable} is the server's key, and apiKey gives it too; remove this one`,
          ),
        ]),
  ];
}

/** Keys that libraries in a server use towards others: for downloads, tracing and tools. */
const OF_OTHERS =
  /^(NGC|NGC_CLI|NVIDIA|HF|HUGGINGFACE|MODELSCOPE|WANDB|COMET|NEPTUNE|MLFLOW|DD|NEW_RELIC|HONEYCOMB|SENTRY|LANGCHAIN|LANGSMITH|LANGFUSE|EXA|TAVILY|SERPER|BRAVE|RUNAI)_API_KEY$/;

/** A secret that looks like the server's key, and that it does not read: the team believes it guarded. */
function unreadDiagnostics({ model: { server }, variant, at }: VariantInRegion): readonly Diagnostic[] {
  const { settings } = variant;
  const preset = presetOf(server);
  if (preset === undefined) {
    return [];
  }
  const own = preset.apiKey.by === "env" ? preset.apiKey.name : undefined;
  const remedy =
    preset.apiKey.by === "none"
      ? `${server} asks its callers for no key: ${preset.apiKey.instead}; ${ELSEWHERE}`
      : `remove it, and write apiKey: with its ARN`;
  return Object.keys(settings.secrets)
    .filter((name) => /API_?KEY/i.test(name) && name !== own && !OF_OTHERS.test(name))
    .map((name) =>
      error(
        "api-key-not-read",
        at("secrets", name),
        `${server} does not read ${name}, so it would answer without a key; ${remedy}`,
      ),
    );
}

/** Source: sglang/srt/entrypoints/http_server.py: with several tokenizer workers a key ends the server. */
function workerDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const written = writtenArgument(server, "--tokenizer-worker-num", settings);
  return server === "sglang" &&
    settings.apiKey !== undefined &&
    written !== undefined &&
    Number(written.value) > 1
    ? [
        error(
          "api-key-not-taken",
          at("arguments", written.index),
          `${server} takes no key with ${written.flag} ${written.value}, and would not start; leave it out`,
        ),
      ]
    : [];
}
