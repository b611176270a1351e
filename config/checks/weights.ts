import { type Diagnostic, error, type Path, warning } from "../diagnostics/diagnostic";
import { type FolderInS3, storedFolders } from "../plan/adapters";
import type { Region } from "../plan/deployment";
import { isClosed } from "../plan/network";
import { type Check, repetitions, type VariantInRegion, variantsInRegions } from "./check";

/** Where weights and adapters lie: by names that mean the same to S3, to permissions and to paths, and each place once. */
export const checkWeights: Check = (subject) =>
  variantsInRegions(subject).flatMap(({ region, variant, at }) =>
    storedFolders(variant.settings).flatMap((folder) => folderDiagnostics(region, folder, at)),
  );

function folderDiagnostics(
  region: Region,
  { uri, mirrors, field, uriAt, mirrorsAt }: FolderInS3,
  at: VariantInRegion["at"],
): readonly Diagnostic[] {
  return [
    ...keyDiagnostics(uri, at(field, ...uriAt)),
    ...mirrors.flatMap((mirror, index) => {
      const path = at(field, ...mirrorsAt, index);
      return [
        ...keyDiagnostics(mirror, path),
        ...repetitions([uri, ...mirrors], index + 1, path, {
          called: (first) => (first === 0 ? "uri" : `mirrors[${first - 1}]`),
          remedy: ", and would fail with it; name another place, or remove it",
          essence: (each) => each.replace(/\/$/, ""),
        }),
        ...reachDiagnostics(region, mirror, path),
      ];
    }),
  ];
}

/** Endings of files of weights; an instance copies a folder, and finds nothing under a file's name. */
const FILE = /\.(gguf|safetensors|bin|pth?|onnx|plan|tar|t?gz|zst|zip)$/i;

function keyDiagnostics(uri: string, path: Path): readonly Diagnostic[] {
  if (FILE.test(uri)) {
    return [
      error(
        "weights-not-a-folder",
        path,
        `"${uri}" is a file, and an instance copies folders; write ${uri.replace(/[^/]*$/, "")}`,
      ),
    ];
  }
  const key = uri.replace(/^s3:\/\/[^/]*\/?/, "");
  const steps = key.replace(/\/$/, "").split("/");
  return key === "" || steps.every((step) => /^[A-Za-z0-9!_.'()-]+$/.test(step) && !/^\.+$/.test(step))
    ? []
    : [
        error(
          "weights-key-refused",
          path,
          `"${uri}": use letters, digits and ! - _ . ' ( ) between single slashes; AWS gives others a meaning in permissions and paths`,
        ),
      ];
}

/** The gateway endpoint of a VPC reaches the buckets of its own region. */
function reachDiagnostics({ name, network }: Region, uri: string, path: Path): readonly Diagnostic[] {
  return isClosed(network)
    ? [
        warning(
          "weights-unreachable",
          path,
          `instances in ${name} have no way to the internet (nat: none), and reach buckets in ${name} alone: ${uri} must be one of them; else use nat: per-zone, or leave it out under regions.${name}.models`,
        ),
      ]
    : [];
}
