import { zonesOffering } from "../../aws/offerings";
import { onDemandPrice } from "../../aws/prices";
import { type Alternative, alternatives } from "../../config/gpu/fit";
import { modelMemory } from "../../config/plan/model-memory";
import { instanceSettings } from "../../config/plan/overrides";
import { servingFileSchema } from "../../config/schema/deployment";
import { formatDollars } from "../../config/units";
import type { Answers } from "./answers";
import type { ModelFacts } from "./facts";
import { type Chosen, fileFor, modelName } from "./file";

/** Types that hold a model, the cheapest first, and the zones that have them. */
export interface Offer extends Alternative {
  readonly zones: number;
}

/**
 * The instance types of a region that hold a model: the cheapest of a few kinds of GPU.
 *
 * @throws Error when no type does
 */
export function offers(answers: Answers, facts: ModelFacts): readonly Offer[] {
  const zonesOf = (type: string) => zonesOffering(type, answers.region)?.length ?? 0;
  for (const zones of [3, 2]) {
    const draft = { instanceTypes: ["g6.xlarge"], tensorParallel: 1, zones };
    const file = servingFileSchema.parse(fileFor(answers, facts, draft, { text: facts.config }));
    const memory = modelMemory(
      instanceSettings(file, answers.region, modelName(answers.model), "main"),
      answers.server,
    );
    const found =
      memory === undefined ? [] : alternatives(memory, "x86_64", (type) => zonesOf(type) >= zones);
    if (found.length > 0) {
      return found.map((each) => ({ ...each, zones }));
    }
  }
  throw new Error(
    `no instance type with two zones in ${answers.region} holds ${answers.model}; take another region, a smaller --context, or a smaller form of the model`,
  );
}

/** The first offer, with those that split the model in the same way: with several types AWS is more likely to have one. */
export function chosenOf([first, ...others]: readonly Offer[]): Chosen {
  const same = others.filter(({ tensorParallel }) => tensorParallel === first?.tensorParallel);
  return {
    instanceTypes: [first, ...same].flatMap((each) => each?.type ?? []),
    tensorParallel: first?.tensorParallel ?? 1,
    zones: first?.zones ?? 3,
  };
}

/** `g6.xlarge  $0.80 an hour, 5 zones` */
export function offerText({ type, tensorParallel }: Offer, region: string): string {
  const usd = onDemandPrice(type, region);
  return [
    `${type}  ${usd === undefined ? "no recorded price" : `${formatDollars(usd)} an hour`}`,
    `${zonesOffering(type, region)?.length} zones`,
    ...(tensorParallel === 1 ? [] : [`over ${tensorParallel} GPUs`]),
  ].join(", ");
}
