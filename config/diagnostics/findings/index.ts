import { callers } from "./callers";
import { capacity } from "./capacity";
import { command } from "./command";
import { deployment } from "./deployment";
import { entry } from "./entry";
import { file } from "./file";
import type { Finding, Findings } from "./finding";
import { form } from "./form";
import { globalEndpoint } from "./global-endpoint";
import { globalEndpointHealth } from "./global-endpoint-health";
import { instanceTypes } from "./instance-types";
import { network } from "./network";
import { purchase } from "./purchase";
import { rollout } from "./rollout";
import { routing } from "./routing";
import { schedules } from "./schedules";
import { servedModel } from "./served-model";
import { server } from "./server";
import { software } from "./software";
import { storage } from "./storage";
import { targets } from "./targets";
import { timing } from "./timing";

export type { Finding, Findings };

/** Findings that belong together, under a heading of their own. */
export interface Subject {
  readonly title: string;
  readonly findings: Findings;
}

/** All findings by subject, in the order in which a file is read. */
export const subjects: readonly Subject[] = [
  { title: "The file", findings: file },
  { title: "Fields and values", findings: form },
  { title: "The deployment", findings: deployment },
  { title: "Networks", findings: network },
  { title: "The entry", findings: entry },
  { title: "Callers", findings: callers },
  { title: "Routes and variants", findings: routing },
  { title: "The global endpoint", findings: globalEndpoint },
  { title: "The health of regions", findings: globalEndpointHealth },
  { title: "Capacity", findings: capacity },
  { title: "Schedules", findings: schedules },
  { title: "Rollouts", findings: rollout },
  { title: "Spot instances, reservations and warm pools", findings: purchase },
  { title: "Instance types and GPUs", findings: instanceTypes },
  { title: "Volumes, machine images and weights", findings: storage },
  { title: "Images, variables and secrets", findings: software },
  { title: "Commands", findings: command },
  { title: "What is served, and to whom", findings: servedModel },
  { title: "The model server", findings: server },
  { title: "Target groups", findings: targets },
  { title: "Times", findings: timing },
];

const catalogue = {
  ...file,
  ...form,
  ...deployment,
  ...network,
  ...entry,
  ...callers,
  ...routing,
  ...globalEndpoint,
  ...globalEndpointHealth,
  ...capacity,
  ...schedules,
  ...rollout,
  ...purchase,
  ...instanceTypes,
  ...storage,
  ...software,
  ...command,
  ...servedModel,
  ...server,
  ...targets,
  ...timing,
};

type Catalogue = typeof catalogue;

/** The stable name of a finding, in kebab-case: `zone-loss-not-survived`. */
export type Code = keyof Catalogue;

type CodeOf<Severity extends Finding["severity"]> = {
  [C in Code]: Catalogue[C]["severity"] extends Severity ? C : never;
}[Code];

export type ErrorCode = CodeOf<"error">;
export type WarningCode = CodeOf<"warning">;

/** A warning that `accept` may name: all but the one about `accept` itself. */
export type AcceptableCode = Exclude<WarningCode, "acceptance-unused">;

/** Every finding by its code. */
export const findings: Readonly<Record<Code, Finding>> = catalogue;

const codes = Object.keys(findings) as readonly Code[];

export const errorCodes = codes.filter((code): code is ErrorCode => findings[code].severity === "error");

/** In alphabetical order. */
export const acceptableCodes = codes
  .filter((code): code is WarningCode => findings[code].severity === "warning")
  .filter((code): code is AcceptableCode => code !== "acceptance-unused")
  .sort();
