import { bothGiven, type Diagnostic, error } from "../diagnostics/diagnostic";
import { adaptersOf } from "../plan/adapters";
import { ADAPTERS_DIRECTORY, WEIGHTS_DIRECTORY } from "../plan/container-folders";
import { writtenArgument } from "../plan/written-argument";
import { CERTIFICATE_DIRECTORY } from "../servers/certificate";
import { presetOf, serverPresets } from "../servers/presets";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";

/** What the file puts into containers: adapters that the server takes, folders and files at places that are free. */
export const checkMounts: Check = (subject) =>
  variantsInRegions(subject).flatMap((each) => [...adapterDiagnostics(each), ...placeDiagnostics(each)]);

function adapterDiagnostics({ model, variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const { server } = model;
  const adapters = adaptersOf(settings);
  const [first] = adapters;
  if (first === undefined || server === "custom") {
    return [];
  }
  const told = presetOf(server)?.adapters;
  if (told === undefined) {
    const able = Object.entries(serverPresets).flatMap(([name, preset]) =>
      "adapters" in preset ? [name] : [],
    );
    return [
      error(
        "adapters-not-taken",
        at("adapters"),
        `${server} takes no adapters at its start; ${able.join(", ")} do, and a custom server finds them in ${ADAPTERS_DIRECTORY}`,
      ),
    ];
  }
  const twice = told.by === "argument" ? writtenArgument(server, told.name, settings) : undefined;
  return [
    ...(twice === undefined
      ? []
      : [
          bothGiven(
            at("arguments", twice.index),
            at("adapters"),
            `${twice.flag} is what adapters become; write all of them there, or none`,
          ),
        ]),
    ...adapters.flatMap(({ name, file }) => {
      if (told.by === "argument" && told.as === "file") {
        return file === undefined
          ? [
              error(
                "adapter-file-missing",
                at("adapters", name),
                `${server} takes the file of an adapter, not its folder; write { uri: …, file: <name of the file in it> }`,
              ),
            ]
          : [];
      }
      return file === undefined
        ? []
        : [
            error(
              "field-without-effect",
              at("adapters", name, "file"),
              `${server} takes the folder of an adapter; leave file out`,
            ),
          ];
    }),
    ...adapters
      .filter(({ name }) => name === model.name)
      .map(({ name }) =>
        error(
          "adapter-named-as-model",
          at("adapters", name),
          `"${name}" is the name of the model itself, by which clients ask for it without an adapter; choose another name`,
        ),
      ),
  ];
}

/** Folders of the container that something else is mounted on, and what that is. */
const TAKEN: Readonly<Record<string, string>> = {
  [WEIGHTS_DIRECTORY]: "the weights",
  [ADAPTERS_DIRECTORY]: "the adapters",
  [CERTIFICATE_DIRECTORY]: "the certificate for targetTls",
  "/dev": "the devices",
  "/proc": "the processes",
  "/sys": "the system",
};

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function placeDiagnostics({ variant: { settings }, at }: VariantInRegion): readonly Diagnostic[] {
  const files = Object.keys(settings.files);
  const places = (["mounts", "files"] as const).flatMap((field) =>
    Object.keys(settings[field]).map((path) => ({ field, path })),
  );
  return places.flatMap(({ field, path }) => {
    const taken = Object.keys(TAKEN).find((folder) => isWithin(path, folder));
    const file = files.find((other) => isWithin(path, other) && !(field === "files" && other === path));
    if (taken !== undefined) {
      return [
        error("place-taken", at(field, path), `${taken} has ${TAKEN[taken]}; choose a place outside of it`),
      ];
    }
    return file === undefined
      ? []
      : [error("place-taken", at(field, path), `files has a file ${file}; choose another place`)];
  });
}
