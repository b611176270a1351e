import { bothGiven, type Diagnostic, error, formatPath } from "../diagnostics/diagnostic";
import { keyVariable, OF_OTHERS } from "../plan/api-key";
import type { InstanceSettings } from "../plan/overrides";
import { writtenArgument } from "../plan/written-argument";
import { presetOf, type ServerName, versionOf } from "../servers/presets";
import { isBefore, versionText } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** The API key that a server asks of its callers: it reaches the server, or the server would be open. */
export const checkApiKeys: Check = (subject) => {
  const variants = variantsInRegions(subject);
  return [
    ...variants.flatMap((each) => [
      ...givenDiagnostics(each),
      ...unreadDiagnostics(each),
      ...workerDiagnostics(each),
    ]),
    ...partDiagnostics(variants),
  ];
};

const ELSEWHERE = "restrict callers by entry.allow, or put a gateway that asks for a key in front";

function givenDiagnostics({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  if (settings.apiKey === undefined) {
    return [];
  }
  const reason = reasonAgainst(server, settings);
  if (reason !== undefined) {
    return [error("api-key-not-taken", at("apiKey"), reason)];
  }
  const variable = keyVariable(server, settings) ?? "";
  const twice = `${variable} is the server's key, and apiKey gives it too`;
  return [
    ...(settings.secrets[variable] === undefined
      ? []
      : [bothGiven(at("secrets", variable), at("apiKey"), `${twice}; remove one of the two`)]),
    ...(settings.env[variable] === undefined
      ? []
      : [bothGiven(at("env", variable), at("apiKey"), `${twice}; remove this one`)]),
  ];
}

/** Why a variant's server does not get the key, and what to do; undefined when it does. */
function reasonAgainst(server: ServerName, { image, command, run }: InstanceSettings): string | undefined {
  const taken = presetOf(server)?.apiKey;
  const version = versionOf(server, image);
  const replacing = run?.command.length ? "--entrypoint" : "command";
  switch (taken?.by) {
    case undefined:
      return "how a custom server takes its key is not known; write the ARN into secrets, under the variable that the server reads";
    case "none":
      return `${server} asks its callers for no key: ${taken.instead}; ${ELSEWHERE}`;
    case "argument":
      return command === undefined
        ? undefined
        : `${server} gets its key by the command of its preset, which ${replacing} replaces; remove ${replacing}`;
    case "env":
      return isBefore(version, taken.since)
        ? `${server} ${versionText(version ?? [])} does not read ${taken.name}, so it would be open; use ${versionText(taken.since ?? [])} or later`
        : undefined;
  }
}

/** Variants of a model that answer anybody, while others of it ask for a key. */
function partDiagnostics(variants: readonly VariantInRegion[]): readonly Diagnostic[] {
  const guarded = new Map<string, VariantInRegion>();
  for (const each of variants.filter(asks)) {
    guarded.set(each.model.name, guarded.get(each.model.name) ?? each);
  }
  const found = variants
    .filter((each) => !asks(each))
    .flatMap((each) => {
      const other = guarded.get(each.model.name);
      const { server } = each.model;
      const { secrets } = each.variant.settings;
      if (other === undefined) {
        return [];
      }
      const variable = other.variant.settings.apiKey === undefined ? keyVariable(server, {}) : undefined;
      const hasOthers = variable !== undefined && Object.keys(secrets).length > 0;
      const remedy = hasOthers
        ? `add ${variable} to its secrets, which are in place of more general ones`
        : "write apiKey for it too";
      return [
        error(
          "api-key-on-part",
          each.at(hasOthers ? "secrets" : "apiKey"),
          `${placeName(each)} answers anybody, and ${placeName(other)} asks for a key: a client without one gets through by chance; ${remedy}`,
        ),
      ];
    });
  return [...new Map(found.map((each) => [formatPath(each.path), each])).values()];
}

/** Whether a variant's server gets a key to ask its callers for. */
function asks({ model: { server }, variant: { settings } }: VariantInRegion): boolean {
  const variable = keyVariable(server, settings);
  return (
    settings.apiKey !== undefined || (variable !== undefined && settings.secrets[variable] !== undefined)
  );
}

function placeName({ region, model, variant }: VariantInRegion): string {
  return `${model.name} / ${variant.name} in ${region.name}`;
}

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
