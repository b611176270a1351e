import { error, type Problem } from "../problem";
import { startFacts } from "../resolve";
import { type ToldFact, toldFacts, valueOfFlag } from "../server-start";
import type { BoxSettings } from "../settings";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What the server of a variant is told: once, so that what follows from it stays true, and no more than fits. */
export const checkServers: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [
    ...contradictions(each),
    ...textProblems(each),
    ...weightsProblems(each),
  ]);

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

/**
 * Bytes of arguments, variables and names that a box's user data has room for, beside the scripts.
 * Source: EC2 takes 16 KB of user data in all.
 */
const LARGEST_TEXT = 4096;

function textProblems({ model, variant, at }: VariantInRegion): readonly Problem[] {
  const { image, arguments: args, env, secrets, weights } = variant.settings;
  const problems: Problem[] = [
    ...args.flatMap((argument, index) =>
      argument.includes("\0") ? [error(at("arguments", index), NUL_MESSAGE)] : [],
    ),
    ...Object.entries(env).flatMap(([name, value]) =>
      value.includes("\0") ? [error(at("env", name), NUL_MESSAGE)] : [],
    ),
  ];
  const texts = [
    image,
    model.healthPath,
    weights?.uri ?? "",
    ...args,
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(secrets).map(([name, arn]) => `${name}=${arn}`),
  ];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(quoted(text)) + 1, 0);
  return bytes > LARGEST_TEXT
    ? [
        ...problems,
        error(
          at("arguments"),
          `arguments, env and secrets take ${bytes} bytes, and the user data of a box has room for ${LARGEST_TEXT}; put long ones into the image, or a file beside the weights`,
        ),
      ]
    : problems;
}

const NUL_MESSAGE = "holds a NUL character, which no argument or variable can; leave it out";

/** As bash needs it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function weightsProblems({ variant: { settings }, at }: VariantInRegion): readonly Problem[] {
  const uri = settings.weights?.uri;
  const key = uri?.replace(/^s3:\/\/[^/]*\/?/, "") ?? "";
  const steps = key.replace(/\/$/, "").split("/");
  return key === "" || steps.every((step) => /^[A-Za-z0-9!_.'()-]+$/.test(step) && !/^\.+$/.test(step))
    ? []
    : [
        error(
          at("weights", "uri"),
          `"${uri}": use letters, digits and ! - _ . ' ( ) between single slashes; AWS gives others a meaning in permissions and paths`,
        ),
      ];
}
