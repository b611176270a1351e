import { warning } from "../diagnostics/diagnostic";
import { argumentAnywhere } from "../plan/command-line";
import { ADAPTERS_DIRECTORY, WEIGHTS_DIRECTORY } from "../plan/container-folders";
import { volumesOf } from "../plan/volumes";
import type { ServerName } from "../servers/presets";
import { type Check, variantsInRegions, whereWritten } from "./check";

/**
 * Arguments whose value is a file that a team writes. Sources: vllm serve --help=all; SGLang docs, Server Arguments;
 * trtllm-serve --help; llama.cpp tools/server README.
 */
const FILES: Readonly<Partial<Record<ServerName, readonly string[]>>> = {
  vllm: ["--config", "--chat-template", "--tool-parser-plugin", "--reasoning-parser-plugin"],
  sglang: ["--config", "--chat-template"],
  "trtllm-serve": ["--extra_llm_api_options", "--config", "--chat_template"],
  "llama.cpp": ["--chat-template-file", "--models-preset", "--grammar-file"],
};

/** Folders of published images with files of their own. */
const OF_IMAGES = /^\/(?:vllm-workspace|sgl-workspace|workspace|app|opt|usr|code)\//;

/** Files that arguments name and nothing brings into the container: the server ends at its start. */
export const checkArgumentFiles: Check = (subject) =>
  variantsInRegions(subject).flatMap(({ model: { server }, variant: { settings }, at }) =>
    (FILES[server] ?? []).flatMap((flag) => {
      const written = argumentAnywhere(server, flag, settings);
      const path = written?.value ?? "";
      // A template may be written as its text. The folder of the weights is judged with the model.
      const isPath = /^\/[\w./-]+$/.test(path);
      const folders = [
        ...[WEIGHTS_DIRECTORY, ADAPTERS_DIRECTORY],
        ...volumesOf(settings, server).map((volume) => volume.path),
        ...(settings.run?.mounts ?? []),
      ];
      const isThere =
        settings.files[path] !== undefined || folders.some((folder) => `${path}/`.startsWith(`${folder}/`));
      return written === undefined || !isPath || isThere || OF_IMAGES.test(path)
        ? []
        : [
            warning(
              "file-not-given",
              whereWritten(settings, at, written.index),
              `${flag} names ${path}, which nothing brings into the container, and ${server} does not start without; put the file beside serving.yaml, and write files: { ${path}: ${path.replace(/^.*\//, "")} }`,
            ),
          ];
    }),
  );
