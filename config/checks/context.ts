import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { contextOf } from "../plan/serving-memory";
import { presetOf } from "../servers/presets";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** Contexts that a model does not have, and usual requests that are longer than the context. */
export const checkContexts: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [...contextDiagnostics(each), ...requestDiagnostics(each)]);

/** A server does not start with a context longer than the model's, unless it is told that this is meant. */
function contextDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { model, variant } = each;
  const { settings } = variant;
  const context = contextOf(settings, model.server);
  const { longerContext } = presetOf(model.server) ?? {};
  if (context?.model === undefined || longerContext === undefined || context.tokens <= context.model) {
    return [];
  }
  const { variable, scaledBy } = longerContext;
  const isMeant =
    /^(1|true|yes)$/i.test(settings.env[variable] ?? "") ||
    scaledBy.some((name) =>
      settings.arguments.some((argument) => argument.replaceAll("_", "-").startsWith(name)),
    );
  return isMeant
    ? []
    : [
        error(
          "context-beyond-model",
          placeOf(each, context),
          `is ${context.tokens} tokens, and by its config.json the model has ${context.model}, so the server does not start; write ${context.model} or less; for more, scale its rotary embeddings by ${scaledBy[0]}, and set env: { ${variable}: "1" }`,
        ),
      ];
}

/** A usual request that the server would refuse. */
function requestDiagnostics(each: VariantInRegion): readonly Diagnostic[] {
  const { model, variant, at } = each;
  const { promptTokens, answerTokens, duration } = variant.settings.capacity?.typicalRequest ?? {};
  const context = contextOf(variant.settings, model.server);
  if (promptTokens === undefined || answerTokens === undefined || duration !== undefined) {
    return [];
  }
  const tokens = promptTokens + answerTokens;
  return context === undefined || tokens <= context.tokens
    ? []
    : [
        error(
          "request-beyond-context",
          at("capacity", "typicalRequest"),
          `has ${tokens} tokens, prompt and answer, and the server refuses what is longer than its context of ${context.tokens}; write a longer context, or shorter requests`,
        ),
      ];
}

function placeOf({ at }: VariantInRegion, { index }: { readonly index?: number }) {
  return index === undefined ? at("memory", "contextLength") : at("arguments", index);
}
