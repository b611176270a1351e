import { type Diagnostic, warning } from "../diagnostics/diagnostic";
import { listed, together } from "../diagnostics/text";
import {
  globalEndpointRegionNames,
  highestWeightVariants,
  regionsInGlobalEndpoint,
} from "../plan/global-endpoint";
import type { Model, Variant } from "../plan/model";
import { survival } from "../plan/overrides";
import {
  peakAfterRegionLoss,
  peakOfAllByWeight,
  regionalPeak,
  regionalPeaks,
  regionsServing,
  takeoverOf,
} from "../plan/region-loss";
import type { ServingFile } from "../schema/deployment";
import type { Check, Subject } from "./check";

/** Whether regions are sized for the clients that the global endpoint brings them. */
export const checkRegionPeaks: Check = (subject) => [
  ...contradictedWeights(subject),
  ...(subject.file.globalEndpoint === undefined ? [] : takeoversTooLarge(subject)),
];

/** How much less than its share a region may be sized for: weights are whole numbers, and peaks are estimates. */
const TOLERANCE = 0.1;

/** What the weight of a region brings it of a model's requests, and what it is sized for. */
interface Contradiction {
  readonly model: string;
  /** The message about it, for the models whose requests these are. */
  readonly sentence: (models: string) => string;
}

/**
 * Regions whose peaks are lower than what their weights bring them. One message for all models of a region
 * with the same numbers.
 */
function contradictedWeights({ file, deployment }: Subject): readonly Diagnostic[] {
  if (file.globalEndpoint?.routing !== "weighted") {
    return [];
  }
  const known = globalEndpointRegionNames(file);
  return regionsInGlobalEndpoint(file, deployment.regions).flatMap(({ name, models }) => {
    const found = models.flatMap((model) => contradiction(file, known, name, model) ?? []);
    return [...new Set(found.map((each) => each.sentence("")))].map((sentence) => {
      const alike = found.filter((each) => each.sentence("") === sentence);
      const names = alike.map(({ model }) => model);
      const whose = names.length === 1 ? names.join() : `each of ${together(names)}`;
      return warning(
        "weight-contradicts-peaks",
        ["regions", name, "weight"],
        alike[0]?.sentence(whose) ?? sentence,
      );
    });
  });
}

function contradiction(
  file: ServingFile,
  known: readonly string[],
  region: string,
  model: Model,
): Contradiction | undefined {
  const variant = heaviestVariant(model);
  const peaks = known.flatMap((name) => {
    const peak = regionalPeak(file, name, model.name, variant?.name ?? "");
    return peak === undefined ? [] : [{ name, ...peak }];
  });
  const own = peaks.find(({ name }) => name === region);
  const serving = regionsServing(file, model.name);
  const isKnown = peaks.length === known.length && known.every((name) => serving.includes(name));
  if (variant === undefined || own === undefined || !isKnown) {
    return undefined;
  }
  const all = peakOfAllByWeight(peaks);
  const weights = peaks.reduce((sum, { weight }) => sum + weight, 0);
  const broughtBy = (weight: number) => rounded((all * weight) / weights);
  const { min = 0 } = variant.settings.capacity ?? {};
  const sizedFor = Math.max(
    variant.capacity.peakAfterRegionLoss?.value ?? own.peak,
    min * (variant.capacity.requestsPerInstance?.value ?? 0),
  );
  if (own.weight === 0 || sizedFor >= ((all * own.weight) / weights) * (1 - TOLERANCE)) {
    return undefined;
  }
  const byWeight = peaks
    .filter(({ weight }) => weight > 0)
    .map(({ name, weight }) => `${broughtBy(weight)} in ${name}`);
  return {
    model: model.name,
    sentence: (models) =>
      `brings ${region} ${broughtBy(own.weight)} of ${rounded(all)} requests a minute for ${models}, but it is sized for ${rounded(sizedFor)}; write peaks in proportion to the weights, such as peakRequestsPerMinute ${listed(byWeight)}, or change the weight`,
  };
}

/** To be read; upwards, as less would be too little. */
function rounded(requests: number): number {
  return requests < 10 ? Number(requests.toPrecision(2)) : Math.ceil(requests);
}

/** Models that survive the loss of a region in one region, and too small in another that would take over from it. */
function takeoversTooLarge({ file, deployment }: Subject): readonly Diagnostic[] {
  const regions = regionsInGlobalEndpoint(file, deployment.regions);
  return regions.flatMap(({ name, models }) =>
    models
      .filter(({ survivesRegion }) => !survivesRegion)
      .flatMap((model) => {
        const surviving = regions
          .filter((each) => each.models.some((its) => its.name === model.name && its.survivesRegion))
          .map((each) => each.name);
        const variant = heaviestVariant(model);
        const peaks = regionalPeaks(file, name, model.name, variant?.name ?? "", (each) =>
          surviving.includes(each),
        );
        const perInstance = variant?.capacity.requestsPerInstance?.value;
        if (
          surviving.length === 0 ||
          variant === undefined ||
          peaks === undefined ||
          perInstance === undefined
        ) {
          return [];
        }
        const carried = peakAfterRegionLoss(peaks, takeoverOf(file)).value;
        const instances = variant.capacity.min.value;
        return carried <= instances * perInstance
          ? []
          : [
              warning(
                "takeover-too-small",
                survival(file, name, model.name).path,
                `${model.name} is to survive the loss of ${together(surviving)}, but ${name} would then get ${Math.ceil(carried)} requests a minute, and has instances for ${instances * perInstance}; write survive: region for both, or for neither`,
              ),
            ];
      }),
  );
}

/** The variant that is sized for the whole peak. */
function heaviestVariant({ variants }: Model): Variant | undefined {
  return highestWeightVariants(variants)[0];
}
