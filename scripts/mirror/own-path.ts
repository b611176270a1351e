import { formatPath, type Path, startsWith } from "../../config/diagnostics/diagnostic";
import { instanceLayers } from "../../config/plan/overrides";
import type { ServingFile } from "../../config/schema/deployment";

/** A variant in a region, and where the file has a field of it. */
export interface Reader {
  readonly region: string;
  readonly variant: string;
  readonly path: Path;
  /** The value is for all that have the same here, and for no others. */
  readonly needs: string;
}

/**
 * Where to write a value that some readers need alike: where the field is, or at the nearest place above which no reader
 * needs another one.
 *
 * @param wanted one reader or more
 * @throws Error when they have no place in common
 */
export function ownPath(
  file: ServingFile,
  model: string,
  field: string,
  wanted: readonly Reader[],
  all: readonly Reader[],
): Path {
  const [first] = wanted;
  const layersOf = ({ region, variant }: Reader) =>
    instanceLayers(file, region, model, variant).map(({ path }) => path);
  const layers = first === undefined ? [] : layersOf(first);
  const present = layers.findIndex((layer) => startsWith(first?.path ?? [], layer));
  // The most general first, from where the field is.
  const found = layers
    .slice(0, present + 1)
    .reverse()
    .filter((layer) => !isUnknownVariant(file, model, layer))
    .find((layer) => {
      const covers = (reader: Reader) =>
        layersOf(reader).some((each) => formatPath(each) === formatPath(layer)) &&
        isAtOrBelow(layersOf(reader), layer, reader.path);
      return wanted.every(covers) && all.filter(covers).every(({ needs }) => needs === first?.needs);
    });
  if (found === undefined) {
    throw new Error(
      `${wanted.map(({ region, variant }) => `${variant} in ${region}`).join(" and ")} have no place of their own for ${field} in common; add --region and --variant, one after the other`,
    );
  }
  return [...found, field];
}

/** Whether a value at a layer would win over that at a path. */
function isAtOrBelow(layers: readonly Path[], layer: Path, path: Path): boolean {
  const at = (each: Path) => layers.findIndex((one) => formatPath(one) === formatPath(each));
  return at(layer) <= layers.findIndex((one) => startsWith(path, one));
}

/** A model without variants has one whose name is nowhere in the file. */
function isUnknownVariant(file: ServingFile, model: string, layer: Path): boolean {
  const variant = layer[layer.length - 2] === "variants" ? String(layer.at(-1)) : undefined;
  return variant !== undefined && file.models[model]?.variants?.[variant] === undefined;
}
