import path from "node:path";
import { type Diagnostic, error, type Located, type Path } from "../diagnostics/diagnostic";
import { readText } from "./read-file";

/** A text, or the path of the file that has it. */
type FileOrText = string | { readonly text: string };

/** The `files` of a mapping, and the description of its model. */
interface WithFiles {
  readonly files?: Readonly<Record<string, FileOrText>> | undefined;
  readonly memory?: { readonly config?: FileOrText | undefined } | undefined;
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
 * @param source where `serving.yaml` has them: paths are relative to the file in which they are written
 */
export function withTexts<T extends Deployment>(file: T, source: Located): WithTexts<T> {
  const beside = new Set<string>();
  const diagnostics: Diagnostic[] = [];

  const read = (name: string, at: Path): FileOrText => {
    const within = source.locate(at).file ?? source.file;
    const where = path.join(path.dirname(within), name);
    beside.add(where);
    const result = readText(where);
    if ("text" in result) {
      return { text: result.text };
    }
    diagnostics.push(
      result.code === "file-not-found"
        ? error(result.code, at, `there is no file ${where}; the path is relative to ${within}`)
        : error(result.code, at, `${where} ${result.refusal}`),
    );
    return name;
  };

  const withText = (value: FileOrText, at: Path) => (typeof value === "string" ? read(value, at) : value);
  const ofFiles = <F extends WithFiles>(fields: F, at: Path): F => {
    const { files, memory } = fields;
    const config = memory?.config;
    return {
      ...fields,
      ...(files === undefined
        ? {}
        : { files: mapped(files, (value, key) => withText(value, [...at, "files", key])) }),
      ...(config === undefined
        ? {}
        : { memory: { ...memory, config: withText(config, [...at, "memory", "config"]) } }),
    };
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
