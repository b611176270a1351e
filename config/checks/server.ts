import { error, type Problem } from "../problem";
import { startFacts } from "../resolve";
import { type ToldFact, toldFacts, valueOfFlag } from "../server-start";
import type { BoxSettings } from "../settings";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What the server of a variant is told: once, so that what follows from it stays true. */
export const checkServers: Check = (subject) => variantsInRegions(subject).flatMap(contradictions);

/** The team's own arguments and variables that say something else than the file does. */
function contradictions({ model, variant, at }: VariantInRegion): readonly Problem[] {
  const { settings } = variant;
  const facts = startFacts(model.name, model.file, model.port, model.timing);
  return toldFacts(settings, facts).flatMap((fact) => {
    const stated = statedValue(fact, settings, model.port);
    if (stated === undefined) {
      return [];
    }
    if (fact.by === "env") {
      const written = settings.env[fact.name];
      return written === undefined || same(written, stated)
        ? []
        : [
            error(
              at("env", fact.name),
              `${written} contradicts ${fact.field}, ${stated}; say it there alone`,
            ),
          ];
    }
    const written = valueOfFlag(fact.name, settings.arguments);
    return written === undefined || same(written.value, stated)
      ? []
      : [
          error(
            at("arguments", written.index),
            `${fact.name} ${written.value} contradicts ${fact.field}, ${stated}; say it there alone`,
          ),
        ];
  });
}

/** Another path or name for the model contradicts nothing that is derived. */
const FREE = ["weights", "models"];

function statedValue(
  { field, value }: ToldFact,
  { memory }: BoxSettings,
  port: number,
): number | string | undefined {
  if (FREE.includes(field)) {
    return undefined;
  }
  if (field === "port") {
    return port;
  }
  return field === "memory.tensorParallel" && memory !== undefined ? (value ?? 1) : value;
}

function same(written: string, stated: number | string): boolean {
  return written === String(stated) || (written.trim() !== "" && Number(written) === stated);
}
