import type { Path } from "../diagnostics/diagnostic";
import type { Adapters } from "../servers/preset";
import { ADAPTERS_DIRECTORY } from "./container-folders";
import { sortedEntries } from "./order";
import type { InstanceSettings } from "./overrides";

type AdapterFile = Exclude<InstanceSettings["adapters"][string], string>;

/** An adapter of a variant. */
export interface Adapter extends Omit<AdapterFile, "mirrors"> {
  readonly name: string;
  readonly mirrors: readonly string[];
}

/** The adapters of a variant, sorted by name. */
export function adaptersOf({ adapters }: InstanceSettings): readonly Adapter[] {
  return sortedEntries(adapters).map(([name, adapter]) =>
    typeof adapter === "string" ? { name, uri: adapter, mirrors: [] } : { name, ...adapter },
  );
}

/** A folder in S3 that instances copy, and where the file has it. */
export interface FolderInS3 {
  readonly uri: string;
  readonly mirrors: readonly string[];
  readonly field: "weights" | "adapters";
  /** Path of the URI within the field. */
  readonly uriAt: Path;
  /** Path of the mirrors within the field. */
  readonly mirrorsAt: Path;
}

/** The folders of a variant's weights and adapters. */
export function storedFolders(settings: InstanceSettings): readonly FolderInS3[] {
  const { weights, adapters } = settings;
  const ofWeights = weights && {
    ...{ uri: weights.uri, mirrors: weights.mirrors },
    ...{ field: "weights" as const, uriAt: ["uri"], mirrorsAt: ["mirrors"] },
  };
  return [
    ...(ofWeights ? [ofWeights] : []),
    ...adaptersOf(settings).map(({ name, uri, mirrors }) => ({
      ...{ uri, mirrors, field: "adapters" as const },
      uriAt: typeof adapters[name] === "string" ? [name] : [name, "uri"],
      mirrorsAt: [name, "mirrors"],
    })),
  ];
}

/** The arguments that tell a server of its adapters. */
export function adapterArguments(
  adapters: readonly Adapter[],
  { name, enabledBy, several, as }: Extract<Adapters, { readonly by: "argument" }>,
): readonly string[] {
  const values = adapters.map((adapter) => {
    const folder = `${ADAPTERS_DIRECTORY}/${adapter.name}`;
    return as === "file" ? `${folder}/${adapter.file ?? ""}` : `${adapter.name}=${folder}`;
  });
  const enabling = enabledBy === undefined ? [] : [enabledBy];
  switch (several) {
    case "values":
      return [...enabling, name, ...values];
    case "commas":
      return [...enabling, name, values.join(",")];
    case "arguments":
      return [...enabling, ...values.flatMap((value) => [name, value])];
  }
}
