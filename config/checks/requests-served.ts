import { bothGiven, type Diagnostic, error, warning } from "../diagnostics/diagnostic";
import { together } from "../diagnostics/text";
import { modelMemory } from "../plan/model-memory";
import { requestsServed, unknownSpeeds } from "../plan/requests-served";
import { formatDuration } from "../units";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What is estimated of requests that nobody has measured yet, and what it cannot be estimated without. */
export const checkRequestsServed: Check = (subject) => variantsInRegions(subject).flatMap(requestDiagnostics);

function requestDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { model, variant, at } = each;
  const { typicalRequest } = variant.settings.capacity ?? {};
  if (typicalRequest === undefined) {
    return [];
  }
  const { promptTokens, answerTokens, duration } = typicalRequest;
  const tokens = [promptTokens, answerTokens].filter((number) => number !== undefined);
  const place = at("capacity", "typicalRequest");
  if (duration !== undefined && tokens.length > 0) {
    const field = promptTokens === undefined ? "answerTokens" : "promptTokens";
    return [
      bothGiven(place, [...place, "duration"], "set promptTokens and answerTokens, or duration, not both", [
        ...place,
        field,
      ]),
    ];
  }
  if (duration === undefined && tokens.length < 2) {
    return [
      error("requests-unknown", place, "needs promptTokens and answerTokens, or duration: how long it takes"),
    ];
  }
  const { value, by } = requestsServed(variant.settings, model.server, model.longestRequest);
  if (by === "unknown") {
    return [error("requests-unknown", place, `is no use here: ${missingFor(each)}`)];
  }
  if (by === "written" || value === undefined) {
    return [];
  }
  const { atATime, secondsOfRequest = 0, copies, likely } = value.inputs;
  const of = copies === 1 ? "" : ` of each of ${copies} copies`;
  const cut =
    secondsOfRequest > model.longestRequest
      ? `, longer than longestRequest ${formatDuration(model.longestRequest)}, after which requests may be cut`
      : "";
  return [
    warning(
      "requests-estimated",
      place,
      `gives ${value.value} requests a minute for each instance, and ${likely} usually: ${atATime} at a time${of}, each in ${secondsOfRequest} s${cut}; the number of instances follows from it. Measure it with your own prompts, as docs/operations.md says, and write requestsPerMinutePerInstance`,
    ),
  ];
}

/** What is missing for an estimate. */
function missingFor({ model, variant: { settings } }: VariantInRegion): string {
  const memory = modelMemory(settings, model.server);
  const strange = unknownSpeeds(settings);
  if (memory === undefined) {
    return "nothing says how many requests fit into the GPUs at a time; write memory, or requestsPerMinutePerInstance";
  }
  return strange.length > 0 && settings.capacity?.typicalRequest?.duration === undefined
    ? `the speed of ${together(strange)} is not known here; write duration instead, or requestsPerMinutePerInstance`
    : "memory does not say how much KV cache a token takes, or the model does not fit; write memory.config, or layers, kvHeads and headDim, or requestsPerMinutePerInstance";
}
