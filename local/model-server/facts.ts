import type { ServerPreset } from "../../config/servers/preset";
import { serverPresets } from "../../config/servers/presets";
import { versionIn } from "../../config/servers/version";
import type { GroupModel } from "../../simulation/model";
import { unpackUserData } from "../../testing/user-data";

/** What the JSON tells about the model server of a group, in seconds. */
export interface ServerFacts {
  /** Its name in `serving.yaml`; `custom` for any other. */
  readonly server: string;
  /** The name that its API has for the model. */
  readonly model: string;
  /** How long it lets requests finish after SIGTERM; 0: it drops them. */
  readonly drain: number;
  /** How long it keeps an idle connection; infinity: it never closes one. */
  readonly keepAlive: number;
  /** What the health check sees while the model loads: 0 is a refused connection. */
  readonly whileLoading: 0 | 503;
  readonly metrics: { readonly path: string; readonly waiting: string; readonly running: string };
  /** The request that an instance answers before it enters service; `undefined`: the health check is enough. */
  readonly probe: { readonly path: string; readonly body: string; readonly expect: string } | undefined;
  /** Whether what is known comes from the user data of this project. */
  readonly isKnown: boolean;
}

/** Servers whose port answers 503 while they load. The others have no port yet. */
const ANSWER_WHILE_LOADING: readonly string[] = ["sglang", "llama.cpp", "nim", "ray-serve"];

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Reads them from the user data of this project; of other instances little is known. */
export function serverFacts({ name, instance }: Pick<GroupModel, "name" | "instance">): ServerFacts {
  const facts = unpackUserData(instance.userData)?.facts;
  const fact = (key: string) => facts?.get(key)?.[0] ?? "";
  const args = facts?.get("ARGUMENTS") ?? [];
  const environment = facts?.get("ENVIRONMENT") ?? [];
  const [server, preset] = presetIn(fact("IMAGE"));
  const served = preset?.model?.servedName;
  const [waiting = "vllm:num_requests_waiting", running = "vllm:num_requests_running"] =
    facts?.get("GAUGES") ?? preset?.metrics?.gauges ?? [];
  return {
    server,
    model:
      (served && "argument" in served && served.argument ? argumentOf(args, served.argument) : undefined) ??
      instance.tags.model ??
      name,
    drain: drainOf(preset, args),
    keepAlive: keepAliveOf(preset, environment),
    whileLoading: ANSWER_WHILE_LOADING.includes(server) ? 503 : 0,
    metrics: { path: preset?.metrics?.path ?? "/metrics", waiting, running },
    probe: fact("PROBE_PATH")
      ? { path: fact("PROBE_PATH"), body: fact("PROBE_BODY"), expect: fact("PROBE_EXPECT") }
      : undefined,
    isKnown: facts !== undefined,
  };
}

/** The metric that a server reports for its group: how many requests wait. */
export function reportedMetrics(group: Pick<GroupModel, "name" | "instance">): readonly string[] {
  return [serverFacts(group).metrics.waiting];
}

function presetIn(image: string): readonly [name: string, preset: ServerPreset | undefined] {
  const found = Object.entries<ServerPreset>(serverPresets).find(
    ([, { images }]) => versionIn(images, image) !== undefined || images.some((each) => each.test(image)),
  );
  return found ?? ["custom", undefined];
}

function drainOf(preset: ServerPreset | undefined, args: readonly string[]): number {
  switch (preset?.drain.by) {
    case "argument":
      return Number(argumentOf(args, preset.drain.name) ?? 0);
    case "none":
      return 0;
    default:
      return NO_LIMIT;
  }
}

/** Without its variable a server of Python closes an idle connection after 5 s. Source: uvicorn, --timeout-keep-alive. */
function keepAliveOf(preset: ServerPreset | undefined, environment: readonly string[]): number {
  switch (preset?.keepAlive.by) {
    case "env": {
      const prefix = `${preset.keepAlive.name}=`;
      const set = environment.find((each) => each.startsWith(prefix));
      return set === undefined ? 5 : Number(set.slice(prefix.length));
    }
    case "fixed":
      return preset.keepAlive.seconds;
    default:
      return NO_LIMIT;
  }
}

/** `--name value` or `--name=value`. */
function argumentOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at === -1 ? args.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) : args[at + 1];
}
