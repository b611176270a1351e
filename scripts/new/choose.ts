import { gpuInstanceTypes } from "../../aws/instance-types";
import { gpuOfferingsDate, recordedZones, zonesOffering } from "../../aws/offerings";
import { onDemandPrice } from "../../aws/prices";
import { type Alternative, fits, kindOfPlacement, PRICED_REGION, placements } from "../../config/gpu/fit";
import type { ModelMemory } from "../../config/gpu/memory";
import { modelMemory } from "../../config/plan/model-memory";
import { instanceSettings } from "../../config/plan/overrides";
import { servingFileSchema } from "../../config/schema/deployment";
import { formatDollars } from "../../config/units";
import type { Answers } from "./answers";
import type { ModelFacts } from "./facts";
import { type Chosen, fileFor, modelName } from "./file";
import { type Judged, judge, refusalText } from "./judge";

/** A type that holds the model, and the zones of the network that have it. */
export interface Offer extends Alternative {
  readonly zones: number;
}

const OFFERS_MAX = 3;

/** As many as a network has by itself. */
const ZONES_MAX = 3;

/**
 * The instance types of a region that hold a model: the cheapest of a few kinds of GPU. Each is judged by the file that it
 * would make. Those without a doubt come first; where there are none, the cheapest with doubts alone.
 *
 * @throws Error when no type does, with what is found of the cheapest
 */
export function offers(answers: Answers, facts: ModelFacts): readonly Offer[] {
  const { region, model } = answers;
  const zonesOf = (type: string) => zonesOfType(type, region);
  const memory = memoryOf(answers, facts);
  const candidates = [ZONES_MAX, 2].map((zones) =>
    placements(memory, "x86_64", (type) => zonesOf(type) >= zones).map((each) => ({ ...each, zones })),
  );
  const judgements = new Map<Offer, Judged>();
  const judgedAs = (offer: Offer) => {
    const judged = judgements.get(offer) ?? judge(answers, facts, chosenOf([offer]));
    judgements.set(offer, judged);
    return judged;
  };
  const isWritten = (offer: Offer) => judgedAs(offer).refused.length === 0;
  const [sure] = candidates
    .map((each) => firstOfKinds(each.filter((offer) => !isDoubtful(memory, offer))))
    .flatMap((each) => {
      const index = each.findIndex(isWritten);
      return index < 0 ? [] : [each.slice(index)];
    })
    .sort(([a], [b]) => costOfPeak(a, region) - costOfPeak(b, region));
  if (sure !== undefined) {
    return sure.slice(0, OFFERS_MAX).filter(isWritten);
  }
  const all = firstOfKinds(candidates.flat());
  const doubtful = all.find(isWritten);
  if (doubtful !== undefined) {
    return [doubtful];
  }
  const [cheapest] = all;
  if (!gpuInstanceTypes.some((type) => zonesOf(type) > 0)) {
    throw new Error(
      `${region} had no instance types with GPUs when the offerings were recorded, ${gpuOfferingsDate}; take another region`,
    );
  }
  const [where, elsewhere] =
    recordedZones(region) === undefined ? ["", ""] : [` with two zones in ${region}`, "another region, "];
  throw new Error(
    cheapest === undefined
      ? `no instance type${where} holds ${model}; take ${elsewhere}a smaller --context, or a smaller form of the model`
      : `nothing is written: no instance type of ${region} makes a file that is accepted. This is found with the cheapest, ${cheapest.type}; take another --server, --region or --model\n${refusalText(judgedAs(cheapest))}`,
  );
}

/** How many zones have a type; in a region that is not recorded, all that a network has. */
function zonesOfType(type: string, region: string): number {
  return zonesOffering(type, region)?.length ?? (recordedZones(region) === undefined ? ZONES_MAX : 0);
}

/** Dollars an hour for each instance that the peak needs: when a zone is lost, those of the others carry it. */
function costOfPeak(offer: Offer | undefined, region: string): number {
  const { type = "", zones = ZONES_MAX } = offer ?? {};
  const usd = onDemandPrice(type, region) ?? onDemandPrice(type, PRICED_REGION) ?? 0;
  return (usd * zones) / (zones - 1);
}

/** What is known of the model's need, before it has types. */
function memoryOf(answers: Answers, facts: ModelFacts): ModelMemory {
  const draft = { instanceTypes: ["g6.xlarge"], tensorParallel: 1, zones: ZONES_MAX };
  const file = servingFileSchema.parse(fileFor(answers, facts, draft, { text: facts.config }));
  const settings = instanceSettings(file, answers.region, modelName(answers.model), "main");
  return modelMemory(settings, answers.server) ?? {};
}

function isDoubtful(memory: ModelMemory, { type, tensorParallel }: Offer): boolean {
  const fit = fits({ ...memory, tensorParallel }, type);
  return !fit.ok || fit.doubt !== undefined;
}

/** The first offer of each kind of GPU and split, and one of each type. */
function firstOfKinds(candidates: readonly Offer[]): readonly Offer[] {
  const found: Offer[] = [];
  for (const each of candidates) {
    const isAlike = (other: Offer) =>
      other.type === each.type || kindOfPlacement(other) === kindOfPlacement(each);
    if (!found.some(isAlike)) {
      found.push(each);
    }
  }
  return found;
}

/** The first offer, with those that split the model in the same way: with several types AWS is more likely to have one. */
export function chosenOf([first, ...others]: readonly Offer[]): Chosen {
  const same = others.filter(({ tensorParallel }) => tensorParallel === first?.tensorParallel);
  return {
    instanceTypes: [first, ...same].flatMap((each) => each?.type ?? []),
    tensorParallel: first?.tensorParallel ?? 1,
    zones: first?.zones ?? ZONES_MAX,
  };
}

/** `g6.xlarge  $0.80 an hour, 5 zones` */
export function offerText({ type, tensorParallel }: Offer, region: string): string {
  const usd = onDemandPrice(type, region);
  const zones = zonesOffering(type, region)?.length;
  return [
    `${type}  ${usd === undefined ? "no recorded price" : `${formatDollars(usd)} an hour`}`,
    zones === undefined ? "its zones are not recorded" : `${zones} zones`,
    ...(tensorParallel === 1 ? [] : [`over ${tensorParallel} GPUs`]),
  ].join(", ");
}
