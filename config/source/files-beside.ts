import path from "node:path";
import { type Diagnostic, error, type Path } from "../diagnostics/diagnostic";
import { readText } from "./read-file";

/** The `files` of a mapping: each with its text, or with the path of the file that has it. */
interface WithFiles {
  readonly files?: Readonly<Record<string, string | { readonly text: string }>> | undefined;
}

interface WithVariants extends WithFiles {
  readonly variants?: Readonly<Record<string, WithFiles>> | undefined;
}

/** As much of `serving.yaml` as has files beside it. */
interface Deployment {
  readonly models: Readonly<Record<string, WithVariants>>;
  readonly regions: Readonly<
    Record<string, { readonly models?: Readonly<Record<string, WithVariants | false>> | undefined }>
  >;
}

/** `serving.yaml` with the texts of the files beside it. */
export interface WithTexts<T> {
  readonly file: T;
  /** Names of these files, from the folder of the process: those that could not be read, too. */
  readonly beside: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the files beside `serving.yaml` that it names, and puts their texts in the place of their paths.
 *
 * @param servingFile name of `serving.yaml`, to which the paths are relative
 */
export function withTexts<T extends Deployment>(file: T, servingFile: string): WithTexts<T> {
  const beside = new Set<string>();
  const diagnostics: Diagnostic[] = [];

  const read = (name: string, at: Path): string | { readonly text: string } => {
    const where = path.join(path.dirname(servingFile), name);
    beside.add(where);
    const result = readText(where);
    if ("text" in result) {
      return { text: result.text };
    }
    diagnostics.push(
      result.code === "file-not-found"
        ? error(result.code, at, `there is no file ${where}; the path is relative to ${servingFile}`)
        : error(result.code, at, `${where} ${result.refusal}`),
    );
    return name;
  };

  const ofFiles = <F extends WithFiles>(fields: F, at: Path): F =>
    fields.files === undefined
      ? fields
      : {
          ...fields,
          files: mapped(fields.files, (value, key) =>
            typeof value === "string" ? read(value, [...at, "files", key]) : value,
          ),
        };
  const ofModel = <M extends WithVariants>(model: M, at: Path): M => {
    const own = ofFiles(model, at);
    return own.variants === undefined
      ? own
      : {
          ...own,
          variants: mapped(own.variants, (variant, name) => ofFiles(variant, [...at, "variants", name])),
        };
  };
  const models = mapped(file.models, (model, name) => ofModel(model, ["models", name]));
  const regions = mapped(file.regions, (region, name) =>
    region.models === undefined
      ? region
      : {
          ...region,
          models: mapped(region.models, (model, of) =>
            model === false ? model : ofModel(model, ["regions", name, "models", of]),
          ),
        },
  );
  return { file: { ...file, models, regions }, beside: [...beside], diagnostics };
}

function mapped<T>(
  entries: Readonly<Record<string, T>>,
  map: (value: T, key: string) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, map(value, key)]));
}
