import { formatPath, type Path } from "../../config/diagnostics/diagnostic";
import type { Loaded } from "../../config/load";
import { type InstanceSettings, instanceSetting } from "../../config/plan/overrides";
import { servedModel } from "../../config/plan/served-model";
import { presetOf, type ServerName } from "../../config/servers/presets";
import type { Edit } from "../back/edit-yaml";
import { named } from "../back/restore";
import { PROJECTOR } from "./needed";
import { ownPath } from "./own-path";

type Good = Extract<Loaded, { readonly ok: true }>;

/** Which of the weights of a model are meant. */
export interface Wanted {
  readonly model: string;
  /** Default: any, where all have the same. */
  readonly region?: string;
  /** Default: any, where all have the same. */
  readonly variant?: string;
}

/** Weights of a model, as the file has them or may have them. */
export interface WeightsPlace {
  readonly region: string;
  readonly server: ServerName;
  readonly settings: InstanceSettings;
  /** The model's id on the hub, and what stands behind its colon; undefined where the file does not name one. */
  readonly hub: { readonly id: string; readonly quantization?: string } | undefined;
  /** Where the weights are written, or are to be written. */
  readonly path: Path;
  /** Where the model is written, or would be. */
  readonly modelPath: Path;
}

/** An id on the hub, and the quantization that llama.cpp and vLLM take behind it. */
const HUB_ID = /^([\w.-]+\/[\w.-]+)(?::([\w.-]+))?$/;

/** @throws Error when there is no such model, or regions or variants have different weights and it is not said which are meant */
export function weightsPlace(
  { file, deployment }: Pick<Good, "file" | "deployment">,
  wanted: Wanted,
): WeightsPlace {
  const models = Object.keys(file.models).map((name) => ({ name }));
  named(models, "model", wanted.model);
  const regions =
    wanted.region === undefined ? deployment.regions : [named(deployment.regions, "region", wanted.region)];
  const all = deployment.regions.flatMap((region) =>
    region.models
      .filter(({ name }) => name === wanted.model)
      .flatMap(({ name, server, variants }) =>
        variants.map(({ name: variant, settings }) => ({
          ...{ region: region.name, variant, server, settings, hub: hubModel(server, settings) },
          path: instanceSetting(file, region.name, name, variant, "weights").path,
          modelPath: instanceSetting(file, region.name, name, variant, "model").path,
          needs: settings.weights?.uri ?? servedModel(server, settings)?.source ?? "",
        })),
      ),
  );
  const meant = all.filter(
    ({ region, variant }) =>
      regions.some(({ name }) => name === region) &&
      (wanted.variant === undefined || variant === wanted.variant),
  );
  const [first, ...others] = meant;
  if (first === undefined) {
    throw new Error(
      `there is no variant ${wanted.variant} of ${wanted.model} in ${regions.map(({ name }) => name).join(", ")}`,
    );
  }
  const other = others.find(
    ({ path, needs }) => formatPath(path) !== formatPath(first.path) || needs !== first.needs,
  );
  if (other !== undefined) {
    throw new Error(
      `${wanted.model} has several weights; add --region ${other.region} --variant ${other.variant}, or those of another one`,
    );
  }
  return { ...first, path: ownPath(file, wanted.model, "weights", meant, all) };
}

function hubModel(server: ServerName, settings: InstanceSettings): WeightsPlace["hub"] {
  const served = servedModel(server, settings);
  const source = served?.place === "hub" ? served.source : settings.model;
  const [, id, quantization] = HUB_ID.exec(source ?? "") ?? [];
  return id === undefined ? undefined : { id, quantization };
}

/** What lies in S3 now. */
export interface Mirrored {
  readonly uri: string;
  /** SHA-256 of its `SHA256SUMS`. */
  readonly sha256: string;
  /** As the file has sizes: `15GiB`. */
  readonly size: string;
  /** Commit of the hub; undefined: it is not known. */
  readonly revision: string | undefined;
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** The edits of the file that have instances take these weights. */
export function editsFor(
  { server, settings, path, modelPath, hub }: WeightsPlace,
  { uri, sha256, size, revision, files }: Mirrored,
): readonly Edit[] {
  const { weights } = settings;
  const stored = { uri, size, sha256 };
  const edits: readonly Edit[] =
    weights === undefined
      ? [{ path, value: stored }]
      : Object.entries({ ...stored, uri: sameFolder(weights.uri, uri) ? weights.uri : uri }).map(
          ([field, value]) => ({ path: [...path, field], value }),
        );
  const beside = (field: string) => [...modelPath.slice(0, -1), field];
  const [file] = presetOf(server)?.model.file
    ? files.filter((each) => each.endsWith(".gguf") && !PROJECTOR.test(each)).sort()
    : [];
  return [
    ...edits,
    ...(revision === undefined || hub === undefined || file !== undefined
      ? []
      : [{ path: beside("revision"), value: revision }]),
    // The server is told the file in the weights, and no longer the id.
    ...(file === undefined || settings.model === file ? [] : [{ path: beside("model"), value: file }]),
  ];
}

function sameFolder(a: string, b: string): boolean {
  return a.replace(/\/$/, "") === b.replace(/\/$/, "");
}
