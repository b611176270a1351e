import { parseDocument } from "yaml";
import { amiParameterName } from "../../aws/ami";
import { formatPath, type Path } from "../../config/diagnostics/diagnostic";
import type { Loaded } from "../../config/load";
import type { Region } from "../../config/plan/deployment";
import type { Model, Variant } from "../../config/plan/model";
import { instanceSetting } from "../../config/plan/overrides";
import { type DriverNeed, driverNeeded } from "../../config/servers/driver";
import type { Aws } from "../aws-cli";
import { AwsGroup } from "../back/aws-group";
import type { Edit } from "../back/edit-yaml";
import { type Image, Images, imageText, type Newest } from "./images";

type Good = Extract<Loaded, { readonly ok: true }>;

/** What newer images there are, in lines for people, and the edits of serving.yaml that follow from it. */
export interface Proposal {
  readonly lines: readonly string[];
  readonly edits: readonly Edit[];
}

/** How a file names a machine image. */
type Field = "id" | "parameterVersion" | "release";

/** A variant in one region whose instances may have a newer image. */
interface Seen {
  /** Where `ami` is written, or is to be written. */
  readonly path: Path;
  readonly field: Field;
  /** What the file has now. */
  readonly written: string | number;
  readonly newest: Newest;
  readonly isNewer: boolean;
  /** What its container needs of the driver; undefined: it is not known, or it has no GPUs. */
  readonly need: DriverNeed | undefined;
}

/**
 * Asks AWS for the newest image of each variant.
 *
 * @param text the file as it is written
 */
export async function propose(loaded: Good, text: string, aws: Aws): Promise<Proposal> {
  const lines: string[] = [];
  const seen: Seen[] = [];
  for (const region of loaded.deployment.regions) {
    const images = new Images(aws, region.name);
    for (const model of region.models) {
      for (const variant of model.variants) {
        const { line, found } = await look(loaded, { region, model, variant, images, aws });
        lines.push(`${variant.name} of ${model.name} in ${region.name}: ${line}`);
        seen.push(...found);
      }
    }
  }
  const document = parseDocument(text);
  const changes = byPlace(seen).map((group) =>
    changeOf(group, (path) => document.hasIn(path) && document.getIn(path) !== null),
  );
  return {
    lines: [...lines, ...changes.map(({ line }) => line)],
    edits: changes.flatMap(({ edit }) => edit ?? []),
  };
}

interface Place {
  readonly region: Region;
  readonly model: Model;
  readonly variant: Variant;
  readonly images: Images;
  readonly aws: Aws;
}

async function look(
  { file }: Good,
  { region, model, variant, images, aws }: Place,
): Promise<{ readonly line: string; readonly found: readonly Seen[] }> {
  const { machineImage, settings } = variant;
  const { gpus } = machineImage;
  const path = instanceSetting(file, region.name, model.name, variant.name, "ami").path;
  const need = gpus ? driverNeeded(model.server, settings.image) : undefined;
  const seen = (field: Field, written: string | number, newest: Newest, isNewer: boolean): Seen => ({
    ...{ path, field, written, newest, isNewer, need },
  });
  if ("id" in machineImage) {
    const { id } = machineImage;
    const now = await images.byId(id, gpus);
    if (now === undefined) {
      return { line: `AWS has no image ${id} for this account`, found: [] };
    }
    const newest = await images.newest(amiParameterName(now.architecture, { driver: gpus }), gpus);
    if (!now.isOfAws) {
      return {
        line: `${id} is an image of your own; make it anew from ${newest.id}, ${imageText(newest)}`,
        found: [],
      };
    }
    return { line: compared(now, newest, need), found: [seen("id", id, newest, newest.id !== id)] };
  }
  const parameter = amiParameterName(machineImage.architecture, { driver: gpus });
  const newest = await images.newest(parameter, gpus);
  if ("version" in machineImage) {
    const { version } = machineImage;
    const isNewer = newest.version > version;
    return {
      line: `version ${version} is ${isNewer ? `older than ${newest.version}` : "the newest"}, ${imageText(newest)}`,
      found: [seen("parameterVersion", version, newest, isNewer)],
    };
  }
  const { release } = machineImage;
  const id = await imageThatRuns(new AwsGroup(aws, region.name, variant.groupName));
  if (id === undefined) {
    return { line: `is not deployed, and will have ${imageText(newest)}`, found: [] };
  }
  const now = await images.byId(id, gpus);
  return {
    line: now === undefined ? `AWS no longer has its image ${id}` : compared(now, newest, need),
    found: [seen("release", release, newest, newest.id !== id)],
  };
}

/** The image of the instances that a group launches; undefined when there is no such group. */
async function imageThatRuns(group: AwsGroup): Promise<string | undefined> {
  const state = await group.stateIfAny();
  return state && (await group.imageOf(state));
}

function compared(now: Image, newest: Newest, need: DriverNeed | undefined): string {
  const tooOld =
    need !== undefined && now.isOfAws && !has(now, need)
      ? ` (not known to have driver ${need.driver}, which ${need.by} needs)`
      : "";
  return now.id === newest.id
    ? `has the newest image, ${imageText(now)}${tooOld}`
    : `has ${imageText(now)}${tooOld}; the newest is ${imageText(newest)}`;
}

function has({ driver }: Image, need: DriverNeed): boolean {
  return driver !== undefined && Number.parseInt(driver, 10) >= need.driver;
}

interface Change {
  readonly line: string;
  readonly edit?: Edit;
}

/** What to write in one place, for all variants and regions that take it from there. */
function changeOf(group: readonly [Seen, ...Seen[]], isWritten: (path: Path) => boolean): Change {
  const [{ path, field, written }] = group;
  const name = formatPath([...path, field]);
  const newer = group.filter(({ isNewer }) => isNewer);
  if (newer.length === 0) {
    return { line: `${name}: ${written} stands` };
  }
  const lacking = newer.find(({ need, newest }) => need !== undefined && !has(newest, need));
  if (lacking?.need !== undefined) {
    const { need, newest } = lacking;
    return {
      line: `${name}: ${written} stays; ${newest.name} is not known to have driver ${need.driver}, which ${need.by} needs`,
    };
  }
  const values = [...new Set(newer.map(({ newest }) => newValue(field, newest)))].sort();
  const value = values.at(-1) as string | number;
  if (field !== "release" && (values.length > 1 || newer.length < group.length)) {
    return { line: `${name}: ${written} stays; variants need different values, so write it in each of them` };
  }
  const wanted = value === written ? `${value}-2` : value;
  const needs = [...new Set(newer.flatMap(({ need }) => (need === undefined ? [] : [needText(need)])))];
  return {
    line: [`${name}: ${written} → ${wanted}`, ...needs].join("; "),
    // An `ami` that is not written yet is written whole.
    edit: isWritten(path)
      ? { path: steps([...path, field]), value: wanted }
      : { path: steps(path), value: { [field]: wanted } },
  };
}

function newValue(field: Field, { id, version, day }: Newest): string | number {
  return { id, parameterVersion: version, release: day }[field];
}

function needText({ by, cuda, driver }: DriverNeed): string {
  return `${by} has CUDA ${cuda}, which needs driver ${driver} or later`;
}

function steps(path: Path): Edit["path"] {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

function byPlace(seen: readonly Seen[]): readonly (readonly [Seen, ...Seen[]])[] {
  const keyOf = ({ path, field }: Seen) => formatPath([...path, field]);
  return [...new Set(seen.map(keyOf))].map(
    (key) => seen.filter((each) => keyOf(each) === key) as [Seen, ...Seen[]],
  );
}
