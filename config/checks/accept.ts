import {
  type Diagnostic,
  formatPath,
  type Path,
  startsWith,
  type WarningCode,
  warning,
} from "../diagnostics/diagnostic";
import { type Accept, isControlId } from "../schema/accept";
import type { ServingFile } from "../schema/deployment";

/** A warning that the file accepts, and why. */
export interface Accepted {
  readonly warning: Diagnostic;
  readonly reason: string;
}

/** What was found, without the warnings that the file accepts; and those. */
export interface Judged {
  readonly open: readonly Diagnostic[];
  readonly accepted: readonly Accepted[];
}

/** A line of `accept`. */
interface Acceptance {
  /** The part of the file that it stands under. */
  readonly part: Path;
  readonly code: WarningCode;
  readonly reason: string;
}

/**
 * Takes out the warnings that an `accept` names, at the part they are about or around it. Of several the innermost
 * counts. One that silences nothing is a warning itself, unless there are errors, which may hide the warning.
 */
export function judge(file: ServingFile, found: readonly Diagnostic[]): Judged {
  const acceptances = acceptancesIn(file);
  const judged = found.map((diagnostic) => ({ diagnostic, by: acceptanceOf(diagnostic, acceptances) }));
  const used = new Set(judged.map(({ by }) => by));
  const hasErrors = found.some(({ severity }) => severity === "error");
  const open = judged.flatMap(({ diagnostic, by }) => (by === undefined ? [diagnostic] : []));
  return {
    open: [
      ...open,
      ...acceptances
        .filter((each) => !hasErrors && !used.has(each))
        .map((each) => unused(each, placeFor(file, each, open))),
    ],
    accepted: judged.flatMap(({ diagnostic, by }) =>
      by === undefined ? [] : [{ warning: diagnostic, reason: by.reason }],
    ),
  };
}

/** Whether the file accepts a warning about this place. For checks that make an error of it otherwise. */
export function isAccepted(file: ServingFile, code: WarningCode, path: Path): boolean {
  return acceptanceOf({ code, path }, acceptancesIn(file)) !== undefined;
}

/** @param place the part under which the line would silence a warning, where there is one */
function unused({ part, code }: Acceptance, place: Path | undefined): Diagnostic {
  const remedy =
    place === undefined
      ? "remove the line"
      : `remove the line, or write it under ${place.length === 0 ? "the file itself" : formatPath(place)}`;
  return warning(
    "acceptance-unused",
    [...part, "accept", code],
    `there is no such warning here; ${remedy}`,
    "key",
  );
}

/** The innermost part that the first open warning of this code is in. */
function placeFor(file: ServingFile, { code }: Acceptance, open: readonly Diagnostic[]): Path | undefined {
  const found = open.find((diagnostic) => diagnostic.code === code);
  return found === undefined
    ? undefined
    : partsOf(file)
        .map(([path]) => path)
        .filter((path) => startsWith(found.path, path))
        .sort((a, b) => b.length - a.length)
        .at(0);
}

function acceptanceOf(
  { code, path }: Pick<Diagnostic, "code" | "path">,
  acceptances: readonly Acceptance[],
): Acceptance | undefined {
  return acceptances
    .filter((each) => each.code === code && startsWith(path, each.part))
    .reduce<Acceptance | undefined>(
      (inner, each) => (inner === undefined || each.part.length > inner.part.length ? each : inner),
      undefined,
    );
}

function acceptancesIn(file: ServingFile): readonly Acceptance[] {
  return partsOf(file).flatMap(([part, { accept = {} }]) =>
    Object.entries(accept)
      .filter(([code]) => !isControlId(code))
      .map(([code, reason]) => ({ part, code: code as WarningCode, reason })),
  );
}

/** A public control that the file accepts. */
export interface AcceptedControl {
  readonly id: string;
  readonly reason: string;
  /** Where the file says so. */
  readonly path: Path;
  /** The stack that it is about, which has the region's name; absent: all. */
  readonly stack?: string;
}

/** The public controls that the file accepts, as a whole or in a region. */
export function acceptedControls(file: ServingFile): readonly AcceptedControl[] {
  return partsOf(file).flatMap(([part, { accept = {} }]) =>
    Object.entries(accept)
      .filter(([id]) => isControlId(id))
      .map(([id, reason]) => ({
        id,
        reason,
        path: [...part, "accept", id],
        ...(part[0] === "regions" && { stack: String(part[1]) }),
      })),
  );
}

type Part = readonly [Path, { readonly accept?: Accept }];

/** The parts of the file that `accept` may stand under. */
function partsOf(file: ServingFile): readonly Part[] {
  return [
    [[], file],
    [["alarms"], file.alarms],
    [["entry"], file.entry],
    ...modelParts(["models"], file.models),
    ...Object.entries(file.regions).flatMap(([name, region]): readonly Part[] => [
      [["regions", name], region],
      [["regions", name, "entry"], region.entry ?? {}],
      ...modelParts(["regions", name, "models"], region.models ?? {}),
    ]),
  ];
}

interface ModelPart {
  readonly accept?: Accept;
  readonly variants?: Readonly<Record<string, { readonly accept?: Accept }>>;
}

function modelParts(path: Path, models: Readonly<Record<string, ModelPart | false>>): readonly Part[] {
  return Object.entries(models).flatMap(([name, model]): readonly Part[] =>
    model === false
      ? []
      : [
          [[...path, name], model],
          ...Object.entries(model.variants ?? {}).map(
            ([variant, fields]): Part => [[...path, name, "variants", variant], fields],
          ),
        ],
  );
}
