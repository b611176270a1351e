import { flagsOf } from "../servers/flags";
import { commandOf, presetOf, type ServerName } from "../servers/presets";
import { commandLine } from "./command-line";
import type { InstanceSettings } from "./overrides";

/** The first word that a server gets, where it is meant for something else. */
export interface MisplacedWord {
  readonly word: string;
  /**
   * `variable`: for a shell, which would set it; `line`: several words in one; `program`: it starts another one; `task`:
   * it has the server's program do something else than to serve.
   */
  readonly kind: "variable" | "line" | "program" | "task";
  /** Its place among the arguments. */
  readonly index: number;
  /** Whether the server would take it for its model. */
  readonly asModel: boolean;
}

/** Programs that run others, by their names in any folder. */
const LAUNCHERS =
  /^(?:\S*\/)?(?:mpirun|mpiexec|srun|torchrun|deepspeed|accelerate|python(?:3(?:\.\d+)?)?|(?:ba|da|z|k)?sh|env|exec|numactl|taskset|nice|ionice|chrt|nohup|setsid|stdbuf|timeout|time|tini|dumb-init|catatonit|gosu|su-exec|sudo|uv|conda|nsys|ncu|xvfb-run|ddtrace-run|opentelemetry-instrument|trtllm-llmapi-launch)$/;

/** The misplaced word of a variant's server; undefined where its first word may be what it is. */
export function misplacedWord(server: ServerName, settings: InstanceSettings): MisplacedWord | undefined {
  const preset = presetOf(server);
  const { known, command, model, rest } = commandLine(server, settings);
  const own = settings.command?.length ?? 0;
  const takesNoWords =
    flagsOf(server) === undefined &&
    preset?.model.positional === undefined &&
    preset?.otherTasks === undefined;
  if (takesNoWords || (own > 0 && known.length === 0)) {
    return undefined;
  }
  const word = model?.value ?? rest[0];
  const kind =
    word === undefined ? undefined : kindOf(word, programsOf(server, settings), preset?.otherTasks);
  if (word === undefined || kind === undefined) {
    return undefined;
  }
  return { word, kind, index: model?.index ?? command.length - own, asModel: model !== undefined };
}

/** The programs of a server by themselves: without the words that belong to them they start nothing. */
function programsOf(server: ServerName, { image }: InstanceSettings): readonly (string | undefined)[] {
  const lines = presetOf(server)?.commandLines ?? [];
  return [...lines, commandOf(server, image)].map(([program]) => program);
}

function kindOf(
  word: string,
  programs: readonly (string | undefined)[],
  otherTasks: readonly string[] = [],
): MisplacedWord["kind"] | undefined {
  if (otherTasks.includes(word)) {
    return "task";
  }
  if (word.startsWith("-")) {
    return undefined;
  }
  // A path or an address may have a = in it.
  if (/^[^\s/:=]+=/.test(word)) {
    return "variable";
  }
  if (/\s/.test(word)) {
    return "line";
  }
  return LAUNCHERS.test(word) || programs.includes(word) ? "program" : undefined;
}
