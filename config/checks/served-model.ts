import { bothGiven, type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { quote } from "../diagnostics/text";
import { storedFolders } from "../plan/adapters";
import { argumentAnywhere, startsAnotherProgram } from "../plan/command-line";
import { WEIGHTS_DIRECTORY } from "../plan/container-folders";
import { misplacedWord } from "../plan/misplaced-word";
import { listedName } from "../plan/model-start";
import { isClosed } from "../plan/network";
import type { InstanceSettings } from "../plan/overrides";
import { readsOf } from "../plan/reads";
import { type ServedModel, servedModel } from "../plan/served-model";
import { fileTexts } from "../plan/volumes";
import { writtenArgument } from "../plan/written-argument";
import { type HubAddress, hubAddress, isHubId } from "../servers/hub-address";
import { otherImage } from "../servers/other-images";
import type { ModelOption } from "../servers/preset";
import { presetOf, versionOf } from "../servers/presets";
import { isBefore, versionText } from "../servers/version";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { looksSecret } from "./software";

/** What a variant serves: one model, named once, where its instances can get it, by one name for all callers. */
export const checkServedModels: Check = (subject) => [
  ...nameDiagnostics(variantsInRegions(subject)),
  ...variantsInRegions(subject).flatMap((each) => {
    const { server } = each.model;
    const option = presetOf(server)?.model;
    if (option === undefined) {
      return [...ofCustomServer(each), ...s3Diagnostics(each)];
    }
    const { settings } = each.variant;
    const served = servedModel(server, settings);
    if (looksSecret(served?.source ?? "") || misplacedWord(server, settings) !== undefined) {
      // It is reported where it is written, and a secret is shown nowhere.
      return [];
    }
    return [
      ...(served === undefined ? unnamed(each, option) : namedTwice(each, option, served)),
      ...fieldDiagnostics(each, option, served),
      ...unloaded(each, option, served),
      ...revisionDiagnostics(each, option, served),
      ...hubDiagnostics(each, served),
      ...idDiagnostics(each, option, served),
      ...s3Diagnostics(each),
      ...unusedWeights(each, served),
    ];
  }),
];

/** Variants of a model under several names: calls by the one name fail where another variant answers. */
function nameDiagnostics(all: readonly VariantInRegion[]): readonly Diagnostic[] {
  const names = new Map<string, Map<string, VariantInRegion>>();
  for (const each of all.filter(({ variant }) => variant.weight > 0)) {
    const { server, name: model } = each.model;
    const listed = listedName(server, each.variant.settings, model);
    if (listed !== undefined && !looksSecret(listed)) {
      const ofModel = names.get(model) ?? new Map();
      ofModel.set(listed, ofModel.get(listed) ?? each);
      names.set(model, ofModel);
    }
  }
  return [...names.values()].flatMap((ofModel) => {
    const [first, second] = [...ofModel];
    if (first === undefined || second === undefined) {
      return [];
    }
    const [other, { at, variant, region, model }] = second;
    return [
      warning(
        "names-differ",
        at("model"),
        `variant ${variant.name} in ${region.name} is called ${other} under /v1/models, and others of ${model.name} ${first[0]}: a call by one of these names fails where the other answers; have all be told the same name, as by --served-model-name`,
      ),
    ];
  });
}

function ofCustomServer({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  return (["model", "revision"] as const)
    .filter((field) => settings[field] !== undefined)
    .map((field) =>
      error(
        "model-not-taken",
        at(field),
        "how a custom server is told its model is not known; write it into arguments or env, as the server takes it",
      ),
    );
}

/** No model is named: a server would start with another one, or with none, and look healthy. */
function unnamed(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  option: ModelOption,
): readonly Diagnostic[] {
  if (
    option.withoutOne === undefined ||
    startsAnotherProgram(server, settings) ||
    otherImage(server, settings.image) !== undefined
  ) {
    // A command of the team's own may name it in any way, and an image of another kind takes it in another one.
    return [];
  }
  const remedy = option.hub
    ? settings.weights === undefined
      ? "write model: with its id on the hub, such as Qwen/Qwen3-8B, or weights: { uri: s3://… }"
      : `write model: with the name of its file in the weights`
    : option.namedByAnyArgument
      ? "write arguments that start one, such as [serve, run, /models/config.yaml]"
      : "copy its models to S3, and write weights: { uri: s3://… }";
  return [
    error(
      "no-model-named",
      at("model"),
      `no model is named, and without one ${option.withoutOne}; ${remedy}`,
    ),
  ];
}

/** A server that is told where its models are, and to load none of them. */
function unloaded(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  { loadsNoneWith }: ModelOption,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  const written = loadsNoneWith && writtenArgument(server, loadsNoneWith.argument, settings);
  if (
    loadsNoneWith === undefined ||
    written === undefined ||
    loadsNoneWith.values?.test(written.value) === false ||
    // The model that the field names is loaded.
    served?.by.field === "model" ||
    loadsNoneWith.unless.some((name) => argumentAnywhere(server, name, settings) !== undefined)
  ) {
    return [];
  }
  const [flag] = loadsNoneWith.unless;
  const words = loadsNoneWith.values === undefined ? written.flag : `${written.flag} ${written.value}`;
  return [
    error(
      "no-model-named",
      at("arguments", written.index),
      `with ${words} ${server} loads no model at its start, and what loads one later is not open to callers; leave it out, or name what to load by ${flag}`,
    ),
  ];
}

/** The place in the file that names the model. */
function whereNamed(at: VariantInRegion["at"], by: ServedModel["by"]): Path {
  switch (by.field) {
    case "arguments":
      return at("arguments", by.index);
    case "env":
      return at("env", by.name);
    default:
      return at(by.field);
  }
}

/** The field and an argument, or a variable, name two models. */
function namedTwice(
  { variant: { settings }, at }: VariantInRegion,
  { file, servedName }: ModelOption,
  { place, source, by }: ServedModel,
): readonly Diagnostic[] {
  const { model } = settings;
  const isFile = file === true;
  // A path has a name beside it, but where the field names a file.
  const isPath = place === "weights" || place === "container";
  const isName = isPath && !isFile && model?.startsWith("/") === false;
  const isSame = source === model || (isFile && source === `${WEIGHTS_DIRECTORY}/${model}`);
  if (model === undefined || isSame || isName || by.field === "model" || by.field === "weights") {
    return [];
  }
  const name =
    isPath && isFile && servedName !== undefined ? `; the name for callers is ${servedName.argument}` : "";
  return [
    error(
      "model-named-twice",
      whereNamed(at, by),
      `names ${source === undefined ? "a model" : `the model ${source}`}, and the field model names ${model}; remove one of the two${name}`,
    ),
  ];
}

/** A model in the field that this server cannot be told, by its kind or its version. */
function fieldDiagnostics(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  option: ModelOption,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  const { model, weights, image } = settings;
  const notTaken = (field: "model" | "weights", sentence: string) => [
    error("model-not-taken", at(field), sentence),
  ];
  if (option.namedByAnyArgument && model !== undefined) {
    return notTaken("model", `${server} is told its models by its own configuration; leave model out`);
  }
  if (!option.hub && model !== undefined && weights === undefined && served?.place === "hub") {
    return notTaken(
      "model",
      `${server} fetches no model when it starts; copy what it serves to S3, and write weights: { uri: s3://… }`,
    );
  }
  const { name: variable, since } = option.variable ?? {};
  const version = versionOf(server, image);
  return (served?.by.field === "model" || served?.by.field === "weights") && isBefore(version, since)
    ? notTaken(
        served.by.field,
        `${server} ${versionText(version ?? [])} serves the model of its image, and does not read ${variable}; use ${versionText(since ?? [])} or later, or leave it out`,
      )
    : [];
}

function revisionDiagnostics(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  { revision }: ModelOption,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  if (settings.revision === undefined || isCopyOfHub(settings, served)) {
    return [];
  }
  if (hubAddress(served?.source ?? "") !== undefined) {
    return []; // The address is to become an id, which then has this revision.
  }
  if (served !== undefined && served.place !== "hub") {
    return [
      error(
        "revision-without-hub",
        at("revision"),
        "a revision is one of a model on the hub, and this model is not fetched from there; leave it out",
      ),
    ];
  }
  if (revision === undefined) {
    return [
      error(
        "revision-without-hub",
        at("revision"),
        `${server} cannot be told a revision; leave it out, or copy the model to S3`,
      ),
    ];
  }
  const written = writtenArgument(server, revision, settings);
  return written === undefined
    ? []
    : [
        bothGiven(
          at("arguments", written.index),
          at("revision"),
          `${written.flag} says the revision too, beside the field revision; keep one of them`,
        ),
      ];
}

/** Whether the weights are those of a model on the hub, by its id: the revision then says of which commit they are. */
function isCopyOfHub({ model = "", weights }: InstanceSettings, served: ServedModel | undefined): boolean {
  return weights !== undefined && served?.by.field === "weights" && /^[^/]+\/[^/]+$/.test(model);
}

/** A model on the hub, for instances that do not reach it. */
function hubDiagnostics(
  { region, at }: VariantInRegion,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  if (served?.place !== "hub" || !isClosed(region.network)) {
    return [];
  }
  const { by, source } = served;
  return [hubUnreachable(region, whereNamed(at, by), source)];
}

/** @param also what to write beside the weights */
export function hubUnreachable(
  { name }: VariantInRegion["region"],
  path: Path,
  source: string | undefined,
  also = "",
): Diagnostic {
  return error(
    "hub-unreachable",
    path,
    `instances in ${name} have no way to the internet (nat: none), and the server would fetch ${source} from the hub; copy it to S3 (npm run mirror), and write weights: { uri: s3://… }${also}, or use nat: per-zone`,
  );
}

/** An address that no server takes as that of a model. */
const WEB = /^(https?|hf):/i;

/** What cannot be the id of a model on the hub. */
function idDiagnostics(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  { hub, revision }: ModelOption,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  const { source = "", place, by } = served ?? {};
  if (hub === false || by === undefined) {
    return [];
  }
  const address = hubAddress(source);
  const isOther = hub !== true || (!WEB.test(source) && (place !== "hub" || isHubId(source)));
  if (address === undefined && isOther) {
    return [];
  }
  const remedy =
    address === undefined
      ? "write it as on the hub, such as Qwen/Qwen3-8B"
      : `write ${address.id}${revisionText(address, revision, by, settings.revision)}`;
  return [
    error(
      "no-hub-id",
      whereNamed(at, by),
      `${quote(source)} is no id on the hub, where ${server} looks; ${remedy}`,
    ),
  ];
}

/** How the revision of an address is written beside the id. */
function revisionText(
  { revision }: HubAddress,
  argument: string | undefined,
  { field }: ServedModel["by"],
  written: string | undefined,
): string {
  if (revision === undefined || argument === undefined || revision === written) {
    return "";
  }
  if (written !== undefined) {
    return `, and one revision, ${written} or ${revision}`;
  }
  return field === "arguments" ? ` and ${argument} ${revision}` : `, and revision: ${revision}`;
}

const S3_ADDRESS = /s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[^\s"',]*)?/g;

/** Addresses in S3 that the server is given, and that its instances may not read. */
function s3Diagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { model = "", env } = settings;
  const stored = storedFolders(settings).flatMap(({ uri, mirrors }) => [uri, ...mirrors]);
  const granted = [...stored, ...readsOf(settings).folders].map(folder);
  const texts = [
    [at("model"), model] as const,
    ...settings.arguments.map((text, index) => [at("arguments", index), text] as const),
    ...Object.entries(env).map(([name, text]) => [at("env", name), text] as const),
    ...Object.entries(fileTexts(settings)).map(([name, text]) => [at("files", name), text] as const),
  ];
  return texts.flatMap(([path, text]) =>
    [...text.matchAll(S3_ADDRESS)]
      .map(([address]) => address)
      .filter((address) => !granted.some((place) => folder(address).startsWith(place)))
      .map((address) =>
        error(
          "s3-not-granted",
          path,
          `the instances may not read ${address}; write reads: [${readable(address)}]`,
        ),
      ),
  );
}

/** What to grant for an address: it, or the folder of a single object, as `reads` takes folders. */
function readable(address: string): string {
  const parent = address.replace(/[^/]*\.[^/]*$/, "");
  return /^s3:\/\/[^/]+\/.*$/.test(parent) ? folder(parent) : folder(address);
}

function folder(address: string): string {
  return address.endsWith("/") ? address : `${address}/`;
}

/** The folder of the weights, or something in it, within a text; not one of the same name elsewhere, as `/root/models`. */
const WITHIN_WEIGHTS = new RegExp(`(?<![\\w.~-])${WEIGHTS_DIRECTORY}(?![\\w.-])`);

/** Weights that are copied to every instance, while the server is told another model. */
function unusedWeights(
  { model: { server }, variant: { settings }, at }: VariantInRegion,
  served: ServedModel | undefined,
): readonly Diagnostic[] {
  const { weights, env } = settings;
  const mentions = [...settings.arguments, ...Object.values(env)].some((text) => WITHIN_WEIGHTS.test(text));
  if (
    weights === undefined ||
    served === undefined ||
    mentions ||
    served.place === "weights" ||
    served.place === "elsewhere"
  ) {
    return [];
  }
  const { hasOwnNames = false } = presetOf(server)?.model ?? {};
  return hasOwnNames && served.by.field === "env"
    ? [
        error(
          "argument-contradicts-file",
          at("env", served.by.name),
          `${served.source} contradicts weights, which are in ${WEIGHTS_DIRECTORY}: ${server} would have none of their models; leave ${served.by.name} out`,
        ),
      ]
    : [
        warning(
          "weights-unused",
          at("weights"),
          `they are copied to ${WEIGHTS_DIRECTORY}, but ${server} serves ${served.source}; remove them, or have it serve ${WEIGHTS_DIRECTORY}`,
        ),
      ];
}
