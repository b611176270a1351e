import { type Diagnostic, error } from "../diagnostics/diagnostic";
import { wordsWithin } from "../plan/command-line";
import type { InstanceSettings } from "../plan/overrides";
import { valueOfFlag } from "../plan/written-argument";
import type { ServerName } from "../servers/presets";
import { lineIndex } from "../servers/run/shell-line";
import { type Check, type VariantInRegion, variantsInRegions } from "./check";
import { wordsAsList } from "./words-as-list";

/** A server that is started in the background: what started it ends, and the container with it. */
export const checkBackground: Check = (subject) => variantsInRegions(subject).flatMap(diagnosticsOf);

/** The script of TensorRT-LLM that starts Triton by `Popen`, and ends. Source: TensorRT-LLM, triton_backend/scripts. */
const LAUNCHER = /(?:^|\/)launch_triton_server\.py$/;

/** What starts the server of a variant and ends, which is refused: more that is said of it would be beside the point. */
export function leftInBackground(
  server: ServerName,
  settings: Words,
): { readonly by: "launcher" | "line"; readonly index: number } | undefined {
  const { command, arguments: written } = settings;
  const words = command ?? written;
  if (server === "triton" && [...wordsWithin({ command }), ...written].some((word) => LAUNCHER.test(word))) {
    return { by: "launcher", index: 0 };
  }
  const line = lineIndex(words);
  return line !== undefined && /(?:^|[^&\\])&\s*$/.test(words[line] ?? "")
    ? { by: "line", index: line }
    : undefined;
}

type Words = Pick<InstanceSettings, "arguments" | "command">;

function diagnosticsOf({
  model: { server },
  variant: { settings },
  at,
}: VariantInRegion): readonly Diagnostic[] {
  const { command, arguments: written, run } = settings;
  const field = command === undefined ? "arguments" : "command";
  const found = leftInBackground(server, settings);
  if (found === undefined) {
    return [];
  }
  if (found.by === "line") {
    return [
      error(
        "server-in-background",
        at(field, found.index),
        "the line of the shell ends with &, which starts its last command in the background: the shell ends, and the container with it; remove the &",
      ),
    ];
  }
  const line = lineOf([...wordsWithin({ command }), ...written]);
  return [
    error(
      "server-in-background",
      command === undefined ? at(field, 0) : at(field),
      `launch_triton_server.py starts tritonserver in the background and ends, and the container with it; write what it starts${run === undefined ? `, ${field}: ${wordsAsList(line)}` : ` after the image: ${line}`}`,
    ),
  ];
}

/** What the script starts: a server for each GPU, of which the first answers. */
function lineOf(words: readonly string[]): string {
  const written = (name: string) => valueOfFlag(name, words)?.value;
  const ranks = Math.max(1, Number.parseInt(written("--world_size") ?? "1", 10) || 1);
  const repository = written("--model_repo") ?? "/models";
  const models = (written("--tensorrt_llm_model_name") ?? "tensorrt_llm").split(",");
  const servers = Array.from({ length: ranks }, (_, rank) => [
    ...["-n 1 tritonserver", `--model-repository=${repository}`],
    ...(rank === 0 ? [] : ["--model-control-mode=explicit", ...models.map((name) => `--load-model=${name}`)]),
    ...["--disable-auto-complete-config", `--backend-config=python,shm-region-prefix-name=prefix${rank}_`],
  ]);
  return `mpirun --allow-run-as-root ${servers.map((server) => server.join(" ")).join(" : ")}`;
}
