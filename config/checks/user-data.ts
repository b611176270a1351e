import { USER_DATA } from "../../aws/limits";
import { renderUserData } from "../../boot/user-data";
import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { instanceFacts } from "../plan/boot-config";
import { WEIGHTS_DIRECTORY } from "../plan/container-folders";
import { fileTexts } from "../plan/volumes";
import type { ServingFile } from "../schema/deployment";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** The texts that an instance gets in its user data: they can be passed on, and they fit. */
export const checkUserData: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => {
    const texts = teamTexts(subject.file, each);
    const unreadable = nulDiagnostics(texts);
    return unreadable.length > 0 ? unreadable : sizeDiagnostics(texts, each);
  });

/** A text of the team's own in the user data of every instance, and its place in the file. */
interface TeamText {
  readonly path: Path;
  /** As it is called in the file. */
  readonly field: string;
  readonly text: string;
}

function teamTexts(
  file: ServingFile,
  { model, variant: { settings }, at }: VariantInRegion,
): readonly TeamText[] {
  const { health = {}, probe } = file.models[model.name] ?? {};
  const requests = { health, probe: typeof probe === "object" ? probe : {} };
  return [
    ...Object.entries(requests).flatMap(([field, request]) =>
      Object.entries(request).flatMap(([name, text]) =>
        typeof text === "string"
          ? [{ path: ["models", model.name, field, name], field: `${field}.${name}`, text }]
          : [],
      ),
    ),
    ...settings.arguments.map((text, index) => ({
      path: at("arguments", index),
      field: `arguments[${index}]`,
      text,
    })),
    ...Object.entries(settings.env).map(([name, text]) => ({
      path: at("env", name),
      field: `env.${name}`,
      text,
    })),
    ...Object.entries(fileTexts(settings)).map(([path, text]) => ({
      path: at("files", path),
      field: `files.${path}`,
      text,
    })),
    ...Object.entries(settings.secrets).map(([name, text]) => ({
      path: at("secrets", name),
      field: `secrets.${name}`,
      text,
    })),
  ];
}

function nulDiagnostics(texts: readonly TeamText[]): readonly Diagnostic[] {
  return texts
    .filter(({ text }) => text.includes("\0"))
    .map(({ path }) =>
      error("nul-character", path, "holds a NUL character, which no argument or variable can; leave it out"),
    );
}

function sizeDiagnostics(texts: readonly TeamText[], each: VariantInRegion): readonly Diagnostic[] {
  const { region, model, variant, at } = each;
  const bytes = renderUserData(instanceFacts(region, model, variant)).length;
  if (bytes <= USER_DATA.max) {
    return [];
  }
  const [largest] = [...texts].sort((a, b) => Buffer.byteLength(b.text) - Buffer.byteLength(a.text));
  const what = largest && `; the largest of it is ${largest.field}, ${Buffer.byteLength(largest.text)} bytes`;
  return [
    error(
      "user-data-too-large",
      largest?.path ?? at("arguments"),
      `the user data of an instance would take ${bytes} bytes, and EC2 takes ${USER_DATA.max}${what ?? ""}; put long texts into the image, or into files in the folder of weights.uri, which the server sees in ${WEIGHTS_DIRECTORY}`,
    ),
  ];
}
