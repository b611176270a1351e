import { parse } from "yaml";
import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { wordsWithin } from "../plan/command-line";
import { WEIGHTS_DIRECTORY } from "../plan/container-folders";
import { isClosed } from "../plan/network";
import { fileTexts } from "../plan/volumes";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { hubUnreachable } from "./served-model";
import { LOOPBACK } from "./server";

/**
 * How a command starts Ray Serve, and the configuration file that it names, as far as that is among `files`.
 *
 * Sources: Ray docs, Serve CLI (serve run, deploy, start), Cluster CLI (ray start --block), Serve Config Files; Ray
 * Serve API, HTTPOptionsSchema (host 0.0.0.0, port 8000).
 */
export const checkRayServe: Check = (subject) =>
  variantsInRegions(subject)
    .filter(({ model }) => model.server === "ray-serve")
    .flatMap((each) => [...endingDiagnostics(each), ...missingDiagnostics(each), ...configDiagnostics(each)]);

/** All words of the command and the arguments, those in a shell's line one by one. */
function wordsOf({ variant: { settings } }: VariantInRegion): readonly string[] {
  return [...wordsWithin(settings), ...settings.arguments].map((word) => word.replace(/;$/, ""));
}

/** Commands that end, or stay without an application: the container would end, or serve nothing. */
function endingDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { variant, at } = each;
  const words = wordsOf(each);
  const follows = (program: string, command: string) =>
    words.some((word, index) => word.replace(/^.*\//, "") === program && words[index + 1] === command);
  const where = variant.settings.command === undefined ? at("arguments", 0) : at("command");
  const told = (what: string) => [
    error(
      "ray-serve-ends",
      where,
      `${what}; write command: [serve, run, config.yaml], which starts Ray and stays`,
    ),
  ];
  if (follows("serve", "run")) {
    return [];
  }
  if (follows("serve", "deploy") || follows("serve", "start")) {
    return words.includes("--block")
      ? []
      : told("it hands an application to a Ray that runs, and ends, and the container with it");
  }
  return follows("ray", "start") ? told("ray start starts Ray alone, and no application that serves") : [];
}

/** Ray's own images, and the folder in which they start. Source: Ray docs, docker/base-deps/Dockerfile. */
const OWN_IMAGES = /(?:^|\/)rayproject\/ray(?:-llm)?[:@]/;
const WORKING_DIRECTORY = "/home/ray";

/** A configuration file that the command names and Ray's own image does not have: `serve run` would end at its start. */
function missingDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { variant, at } = each;
  const { settings } = variant;
  const { command, files, image, mounts, run, weights } = settings;
  const words = wordsOf(each);
  const named = words.find((word, index) => words.slice(0, index).includes("run") && /\.ya?ml$/.test(word));
  if (named === undefined || /[=$]/.test(named) || !OWN_IMAGES.test(image)) {
    return [];
  }
  const path = named.startsWith("/") ? named : `${WORKING_DIRECTORY}/${named.replace(/^\.\//, "")}`;
  const folders = [
    ...[...Object.keys(mounts), ...(run?.mounts ?? [])],
    ...(weights === undefined ? [] : [WEIGHTS_DIRECTORY]),
  ];
  const isThere = files[path] !== undefined || folders.some((folder) => `${path}/`.startsWith(`${folder}/`));
  const mayMove = words.some((word) =>
    ["cd", "curl", "wget", "cp", "aws", "git", "echo", "cat", ">"].includes(word),
  );
  return isThere || mayMove
    ? []
    : [
        error(
          "ray-config-missing",
          command === undefined ? at("arguments") : at("command"),
          `${named} is not in the image, and serve run ends without it; put the file beside serving.yaml, and write files: { ${path}: ${path.replace(/^.*\//, "")} }`,
        ),
      ];
}

/** The parts of a configuration file that decide where clients find the server. */
interface Config {
  readonly http_options?: { readonly host?: unknown; readonly port?: unknown; readonly root_path?: unknown };
  readonly applications?: readonly { readonly route_prefix?: unknown }[];
}

function configDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const words = wordsOf(each);
  return Object.entries(fileTexts(each.variant.settings))
    .filter(([path]) =>
      words.some((word) => word === path || (/^[\w.-]+$/.test(word) && path.endsWith(`/${word}`))),
    )
    .flatMap(([path, text]) => {
      const config = configIn(text);
      const where = each.at("files", path);
      return config === undefined
        ? []
        : [...inConfig(each, config, where), ...hubDiagnostics(each, text, where)];
    });
}

/** A model that Ray Serve LLM fetches from the hub. Source: Ray docs, Serve LLM: model_loading_config. */
const OF_HUB = /\bmodel_source["']?\s*:\s*["']?([\w.-]+\/[\w.-]+)["']?\s*$/m;

function hubDiagnostics({ region }: VariantInRegion, text: string, where: Path): readonly Diagnostic[] {
  const [, model] = OF_HUB.exec(text) ?? [];
  return model === undefined || !isClosed(region.network)
    ? []
    : [hubUnreachable(region, where, model, " and model_source: /models")];
}

function configIn(text: string): Config | undefined {
  try {
    const config: unknown = parse(text);
    return typeof config === "object" && config !== null && "applications" in config
      ? (config as Config)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Port of a configuration file that has none. */
const DEFAULT_PORT = 8000;

function inConfig({ model }: VariantInRegion, config: Config, where: Path): readonly Diagnostic[] {
  const { host = "0.0.0.0", port = DEFAULT_PORT, root_path: root = "" } = config.http_options ?? {};
  const applications = Array.isArray(config.applications) ? config.applications : [];
  const prefixes = applications.map(({ route_prefix: prefix = "/" }) => prefix);
  const [first] = prefixes;
  const moved = root !== "" && root !== "/" ? root : prefixes.includes("/") ? undefined : first;
  return [
    ...(port === model.port
      ? []
      : [
          error(
            "argument-contradicts-file",
            where,
            `the port of its http_options is ${port}, and the model's port is ${model.port}; write http_options: { port: ${model.port} } there, or port: ${port}`,
          ),
        ]),
    ...(LOOPBACK.test(String(host))
      ? [
          error(
            "server-not-reachable",
            where,
            `with the host ${host} in its http_options the load balancer does not reach ray-serve; write 0.0.0.0`,
          ),
        ]
      : []),
    ...(moved === undefined
      ? []
      : [
          error(
            "server-paths-moved",
            where,
            moved === null
              ? "its application has no route_prefix, so no request reaches it; write route_prefix: /"
              : `with ${moved === root ? "root_path" : "route_prefix"} ${moved} the paths of ray-serve begin with ${moved}, and the load balancer and the probe ask for them without; write route_prefix: / there, and routes: [{ prefix: ${moved} }]`,
          ),
        ]),
    ...(applications.length === 0
      ? [
          warning(
            "no-application",
            where,
            "it names no application, so ray-serve answers nothing but its health check",
          ),
        ]
      : []),
  ];
}
