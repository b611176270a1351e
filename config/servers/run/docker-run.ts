import { DECIDED_BY_INSTANCE, readOptions, type WrittenOption } from "./docker-options";
import { isShell } from "./shell-line";
import { shellWords, variablesIn } from "./shell-words";
import { STOP_SIGNALS } from "./stop-signals";

/** What a `docker run` line says. */
export interface DockerRun {
  readonly image: string;
  /** What follows the image. */
  readonly arguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The entry point; empty: the image's own. */
  readonly command: readonly string[];
  /** Size of `/dev/shm` in GiB; undefined: the instance's own. */
  readonly sharedMemory?: number;
  readonly stopSignal?: (typeof STOP_SIGNALS)[number];
  /** Variables whose value the line takes from the shell, by name. */
  readonly taken: readonly string[];
  /** TCP ports of the container that the line publishes. */
  readonly published: readonly number[];
  /** Paths in the container that the line mounts. */
  readonly mounts: readonly string[];
  /** Files of variables. */
  readonly envFiles: number;
  /** The GPUs that the line chooses; undefined: all, or none. */
  readonly gpus?: string;
  /** Options that instances have no counterpart for, such as `--user`, each once. */
  readonly lost: readonly string[];
}

/** A `docker run` line that has been read, or what is wrong with it; the sentence holds no value of the line. */
export type ReadRun =
  | { readonly run: DockerRun; readonly problem?: never }
  | { readonly problem: string; readonly run?: never };

/** The limits of every server's container, by name: -1 is none. boot/docker-run.ts sets them. */
const LIMITS: Readonly<Record<string, number>> = { memlock: -1, stack: 67_108_864, nofile: 1_048_576 };

/** Reads a whole `docker run` line. */
export function readDockerRun(line: string): ReadRun {
  const split = shellWords(line.replace(/^\s*\$ /, ""));
  if (split.problem !== undefined) {
    return split;
  }
  const words = withoutDocker(split.words);
  if ("problem" in words) {
    return words;
  }
  const read = readOptions(words.options);
  if (read.unknown !== undefined) {
    return { problem: `has ${read.unknown}, which is no option of docker run` };
  }
  const [image, ...after] = read.rest;
  if (image === undefined) {
    return { problem: "has no image after the options of docker run" };
  }
  if (
    after.some((word, index) => /(^|\/)(docker|podman|nerdctl)$/.test(word) && after[index + 1] === "run")
  ) {
    return {
      problem: "has another docker run line after the first; write one line, and another model for the other",
    };
  }
  const expanded = shellText([image, ...after]);
  if (expanded !== undefined) {
    return { problem: `has ${expanded} at or after the image, and no shell runs here; write its value` };
  }
  return runOf(read.options, image, after);
}

/** The words after `docker run`. */
function withoutDocker(
  words: readonly string[],
): { readonly options: readonly string[] } | { readonly problem: string } {
  const sudo = words[0] === "sudo" ? words.slice(1).findIndex((word) => !word.startsWith("-")) + 1 : 0;
  const [program = "", first, second, ...rest] = words.slice(sudo);
  if (/(^|\/)(docker-compose|podman-compose)$/.test(program) || first === "compose") {
    return {
      problem:
        "is docker compose, which reads its containers from a file; write the docker run of the server",
    };
  }
  const [, variable] = /^(\w+)=/.exec(program === "export" ? (first ?? "") : program) ?? [];
  if (variable !== undefined) {
    return {
      problem: `begins with ${variable}=…, which sets a variable of a shell, and none runs here; begin with docker run, and write the value where the line has $${variable}`,
    };
  }
  if (!/(^|\/)(docker|nvidia-docker|podman|nerdctl)$/.test(program)) {
    return { problem: "does not begin with docker run; write the whole line, or image and arguments" };
  }
  if (first === "run") {
    return { options: second === undefined ? [] : [second, ...rest] };
  }
  return first === "container" && second === "run"
    ? { options: rest }
    : { problem: "is another command of docker than run; write a docker run line" };
}

/** What only a shell can replace in words, as it is written: `$MODEL`, `~/models`. */
function shellText(words: readonly string[]): string | undefined {
  const [variable] = words.flatMap(variablesIn);
  return variable !== undefined
    ? `$${variable}`
    : words.some((word) => /^~(\/|$)/.test(word))
      ? "~"
      : undefined;
}

function runOf(options: readonly WrittenOption[], image: string, after: readonly string[]): ReadRun {
  const valuesOf = (name: string) =>
    options.filter((option) => option.name === name).map(({ value }) => value);
  const lost: string[] = [];
  const [entrypoint] = valuesOf("entrypoint").slice(-1);
  const [shmSize] = valuesOf("shm-size").slice(-1);
  const [signal] = valuesOf("stop-signal").slice(-1);
  const isHostIpc = valuesOf("ipc").includes("host");
  const sharedMemory = shmSize === undefined || isHostIpc ? undefined : sizeInGiB(shmSize);
  if (Number.isNaN(sharedMemory)) {
    return { problem: "has a --shm-size that is no size; write it as 16g" };
  }
  const stopSignal = signal === undefined ? undefined : signalNamed(signal);
  if (signal !== undefined && stopSignal === undefined) {
    return { problem: `has a --stop-signal that is none of ${STOP_SIGNALS.join(", ")}` };
  }
  const variables = valuesOf("env").map(variableOf);
  const malformed = variables.some(({ name }) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (malformed) {
    return { problem: "has a variable after --env whose name is malformed; write it as --env NAME=value" };
  }
  const mounts = [...valuesOf("volume").map(targetOfVolume), ...valuesOf("mount").map(targetOfMount)];
  const unread = shellText([...mounts, ...(entrypoint === undefined ? [] : [entrypoint])]);
  if (unread !== undefined) {
    return { problem: `has ${unread} in a path of the container, and no shell runs here; write its value` };
  }
  for (const { name, value } of options) {
    if (!isKnown(name, value)) {
      lost.push(`--${name}`);
    }
  }
  const env = new Map(
    variables.filter(({ value }) => value !== undefined).map(({ name, value = "" }) => [name, value]),
  );
  const chosen = [...valuesOf("gpus"), env.get(VISIBLE_DEVICES) ?? []]
    .flat()
    .filter((gpus) => !/^"?all"?$/.test(gpus));
  env.delete(VISIBLE_DEVICES);
  return {
    run: {
      image,
      ...commandOf(entrypoint, after),
      env: Object.fromEntries(env),
      sharedMemory,
      stopSignal,
      taken: [...new Set(variables.filter(({ value }) => value === undefined).map(({ name }) => name))],
      published: valuesOf("publish").flatMap(publishedPort),
      mounts,
      envFiles: valuesOf("env-file").length,
      gpus: chosen[0]?.replaceAll('"', ""),
      lost: [...new Set(lost)],
    },
  };
}

/** A line for a shell is part of the command: what is derived follows it. An empty entry point is none. */
function commandOf(
  entrypoint: string | undefined,
  after: readonly string[],
): Pick<DockerRun, "command" | "arguments"> {
  if (entrypoint === "") {
    return { command: after.slice(0, 1), arguments: after.slice(1) };
  }
  if (entrypoint !== undefined && isShell(entrypoint)) {
    return { command: [entrypoint, ...after], arguments: [] };
  }
  return { command: entrypoint === undefined ? [] : [entrypoint], arguments: after };
}

/** The variable by which NVIDIA's runtime knows the GPUs of a container. The instance sets it. */
const VISIBLE_DEVICES = "NVIDIA_VISIBLE_DEVICES";

/** Options that {@link DockerRun} has a field for. */
const READ = [
  "entrypoint",
  "env",
  "env-file",
  "gpus",
  "mount",
  "publish",
  "shm-size",
  "stop-signal",
  "volume",
];

/** Whether an option is carried over, or asks for what every instance has. */
function isKnown(name: string, value: string): boolean {
  switch (name) {
    case "ipc":
    case "network":
      return value === "host" || (name === "network" && value === "bridge");
    case "runtime":
      return value === "nvidia";
    case "device":
      return value === "nvidia.com/gpu=all";
    case "ulimit":
      return isWithinLimits(value);
    default:
      return READ.includes(name) || DECIDED_BY_INSTANCE.includes(name);
  }
}

/** `name=soft[:hard]`: whether a container of an instance has as much. */
function isWithinLimits(ulimit: string): boolean {
  const [, name = "", soft, hard = soft] = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(ulimit) ?? [];
  const limit = LIMITS[name];
  return (
    limit !== undefined &&
    (limit === -1 || [soft, hard].every((each) => Number(each) >= 0 && Number(each) <= limit))
  );
}

/** `NAME=value`, or `NAME` and `NAME=$OTHER`, whose value the shell has. */
function variableOf(written: string): { readonly name: string; readonly value?: string } {
  const [, name = written, value] = /^([^=]*)=([\s\S]*)$/.exec(written) ?? [];
  return value === undefined || variablesIn(value).length > 0 ? { name } : { name, value };
}

/** `[source:]target[:options]`. */
function targetOfVolume(volume: string): string {
  const [first = "", second] = volume.split(":");
  return second === undefined ? first : second;
}

/** `type=bind,source=/a,target=/b`. */
function targetOfMount(mount: string): string {
  return /(?:^|,)(?:target|dst|destination)=([^,]*)/.exec(mount)?.[1] ?? "";
}

/** The port of the container in `[address:][port:]port[/protocol]`; of a range all of its ends. */
function publishedPort(published: string): readonly number[] {
  const [ports = ""] = (published.split(":").at(-1) ?? "").split("/");
  return ports.split("-").map(Number).filter(Number.isInteger);
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** A size as Docker takes it, `16g`, `1024m` or bytes, in GiB; NaN when it is none. Source: docker/go-units, RAMInBytes. */
function sizeInGiB(text: string): number {
  const [, amount, unit = "b"] = /^(\d+(?:\.\d+)?) ?([bkmgt])?(?:i?b)?$/i.exec(text) ?? [];
  return (Number(amount) * (UNITS[unit.toLowerCase()] ?? 1)) / 1024 ** 3;
}

/** A signal by its name with or without `SIG`, or by its number. */
function signalNamed(signal: string): (typeof STOP_SIGNALS)[number] | undefined {
  const NUMBERED: Readonly<Record<string, string>> = { "1": "HUP", "2": "INT", "3": "QUIT", "15": "TERM" };
  const name = (NUMBERED[signal] ?? signal).toUpperCase().replace(/^(?!SIG)/, "SIG");
  return STOP_SIGNALS.find((known) => known === name);
}
