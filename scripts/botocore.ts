import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { type Models, SCALAR_TYPES, type ServiceModel, type Shape } from "../testing/api-limits/model";
import { SERVICES } from "../testing/api-limits/services";
import { requestOf, type Service } from "../testing/api-limits/table";

/** A shape as botocore has it. Its documentation is left out. */
interface RawShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface RawModel {
  readonly metadata: { readonly apiVersion: string };
  readonly shapes: Readonly<Record<string, RawShape>>;
}

/** botocore's data: its folder, and the version of the package. */
export interface Botocore {
  readonly folder: string;
  readonly version: string;
}

/**
 * botocore's data.
 *
 * @param folder default: that of the botocore that Python finds
 * @returns `undefined` where there is none
 */
export function botocore(folder = folderByPython()): Botocore | undefined {
  const module = path.join(folder, "../__init__.py");
  const version = existsSync(module)
    ? /^__version__ = ['"](.+)['"]$/m.exec(readFileSync(module, "utf8"))?.[1]
    : undefined;
  return version === undefined ? undefined : { folder, version };
}

function folderByPython(): string {
  const program = "import botocore; print(botocore.__path__[0])";
  const { status, stdout } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
  return status === 0 ? path.join(stdout.trim(), "data") : "";
}

/** What the tables need of the service models in botocore's data folder. */
export function servicesIn(folder: string): Models["services"] {
  const names = [...new Set(SERVICES.map(({ service }) => service))];
  return Object.fromEntries(
    names.map((name) => {
      const tables = SERVICES.filter(({ service }) => service === name);
      const lagging = tables.flatMap((table) => Object.keys(table.lagging ?? {}));
      return [name, serviceModel(rawModel(folder, name), tables.flatMap(requestsOf), lagging)];
    }),
  );
}

/** The newest version of the model of a service. */
function rawModel(folder: string, service: string): RawModel {
  const versions = readdirSync(path.join(folder, service)).sort();
  const file = path.join(folder, service, versions.at(-1) ?? "", "service-2.json.gz");
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

/** Every request that a table names. */
function requestsOf({ blocks }: Service): readonly string[] {
  return Object.values(blocks).flatMap(({ request, arguments: targets = {} }) => [
    request,
    ...Object.values(targets).flatMap((target) => requestOf(target) ?? []),
  ]);
}

/**
 * The requests of a model, with every shape that they hold.
 *
 * @param lagging shapes whose words are left out
 */
export function serviceModel(
  { metadata, shapes }: RawModel,
  requests: readonly string[],
  lagging: readonly string[] = [],
): ServiceModel {
  const caughtUp = lagging.find((name) => shapes[name]?.enum === undefined);
  if (caughtUp !== undefined) {
    throw new Error(`the model has no words for ${caughtUp}, which a table says are too few`);
  }
  const kept: Record<string, Shape> = {};
  const unchecked: Record<string, string> = {};
  const keep = (name: string): string => {
    const found = shapes[name];
    if (found === undefined) {
      throw new Error(`the model has no ${name}`);
    }
    const raw = lagging.includes(name) ? { ...found, enum: undefined } : found;
    if (isLimitless(raw)) {
      return raw.type;
    }
    if (SCALAR_TYPES.some((type) => type === name)) {
      throw new Error(`${name} is a kind of values, and here a shape with limits`);
    }
    if (kept[name] === undefined) {
      kept[name] = { type: "string" }; // A structure may hold itself.
      kept[name] = shapeOf(raw, keep);
      const pattern = raw.pattern === undefined ? undefined : toJavaScript(raw.pattern);
      if (raw.pattern !== undefined && pattern === undefined) {
        unchecked[name] = raw.pattern;
      }
    }
    return name;
  };
  for (const request of requests) {
    keep(request);
  }
  return {
    api: metadata.apiVersion,
    shapes: Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))),
    unchecked: Object.keys(unchecked).length === 0 ? undefined : unchecked,
  };
}

function isLimitless({ type, min, max, pattern, enum: words }: RawShape): boolean {
  const isScalar = SCALAR_TYPES.some((each) => each === type);
  return isScalar && [min, max, pattern, words].every((each) => each === undefined);
}

function shapeOf(raw: RawShape, keep: (name: string) => string): Shape {
  const { type, members, required, member, key, value, min, max, pattern, enum: words } = raw;
  if (members !== undefined) {
    const named = Object.entries(members).map(([name, { shape }]) => [name, keep(shape)]);
    return { members: Object.fromEntries(named), required: required?.length === 0 ? undefined : required };
  }
  if (member !== undefined) {
    return { list: keep(member.shape), min, max };
  }
  if (key !== undefined && value !== undefined) {
    return { map: [keep(key.shape), keep(value.shape)], min, max };
  }
  const found = SCALAR_TYPES.find((each) => each === type);
  if (found === undefined) {
    throw new Error(`${type} is no kind of shape that the tables know`);
  }
  return { type: found, min, max, pattern: pattern && toJavaScript(pattern), enum: words };
}

/**
 * A pattern of a service model, which is one of Java, for JavaScript with the flag `u`; `undefined` when JavaScript
 * cannot express it. It has to match a whole text.
 */
export function toJavaScript(pattern: string): string | undefined {
  // In a class, Java reads `[` as a class in the class, and `&&` as an intersection. JavaScript reads both as characters.
  if (/\[(\\.|[^\]\\])*(\[|&&)/.test(pattern) || /\\[AZzGhHRXQE]|[*+?}]\+|\(\?[a-z]/.test(pattern)) {
    return undefined;
  }
  // With the flag `u` JavaScript refuses an escape that means nothing: `\@`, `\_`.
  const converted = pattern.replace(/\\([^\w^$\\.*+?()[\]{}|/-]|_)/g, "$1");
  try {
    new RegExp(converted, "u");
    return converted;
  } catch {
    return undefined;
  }
}

/** The text of the file that holds the models: a line for each shape. */
export function textOf({ services, ...head }: Models): string {
  const linesOf = (of: object, indent: string) =>
    Object.entries(of)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(",\n");
  const models = Object.entries(services).map(([name, { shapes, ...rest }]) =>
    [
      `    ${JSON.stringify(name)}: {`,
      `${linesOf(rest, "      ")},`,
      '      "shapes": {',
      linesOf(shapes, "        "),
      "      }",
      "    }",
    ].join("\n"),
  );
  return `{\n${linesOf(head, "  ")},\n  "services": {\n${models.join(",\n")}\n  }\n}\n`;
}
