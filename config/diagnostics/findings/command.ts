import { anotherModel, below, model } from "./example";
import type { Findings } from "./finding";

/** The command of the server's container: `docker run` lines, entry points, and the server's flags. */
export const command = {
  "malformed-run": {
    severity: "error",
    sentence: "The text is not one `docker run` line, or a shell would have to replace something in it.",
    example: model("run: docker compose up"),
    remedy: "Write the line as it begins with `docker run`, with values instead of variables and `$(…)`.",
  },
  "run-variable-without-value": {
    severity: "error",
    sentence: "The line takes a variable from the shell that runs it. On an instance there is no such shell.",
    example: model("run: docker run -e HF_TOKEN vllm/vllm-openai:v0.18.0"),
    remedy: "Write the variable into `secrets`, with the ARN of its value, or write the value into the line.",
  },
  "run-port-differs": {
    severity: "error",
    sentence: "The line publishes a port at which the load balancer does not look for the server.",
    example: model("run: docker run -p 9000:9000 vllm/vllm-openai:v0.18.0 --port 9000"),
    remedy: "Write the model's `port`.",
  },
  "run-files-not-carried-over": {
    severity: "error",
    sentence:
      "The line gives the container files of the machine on which it was written. Instances do not have them.",
    example: model("run: docker run -v ./chat.jinja:/chat.jinja vllm/vllm-openai:v0.18.0"),
    remedy: "Write the field in the message, and remove the option from the line.",
  },
  "run-gpus-chosen": {
    severity: "warning",
    sentence: "The line gives the server some of the GPUs. On an instance it gets all.",
    example: model("run: docker run --gpus device=0 vllm/vllm-openai:v0.18.0"),
    remedy: "Choose `instanceTypes` with as many GPUs as the server needs, and write `--gpus all`.",
  },
  "run-options-lost": {
    severity: "warning",
    sentence: "The line has options of `docker run` that instances do not start containers with.",
    example: model("run: docker run --privileged vllm/vllm-openai:v0.18.0"),
    remedy: "Remove the options, or build an image that does without them.",
  },
  "shell-hides-arguments": {
    severity: "warning",
    sentence:
      "The command is a shell with a line of its own. The arguments that are derived for the server follow that line, and do not reach it.",
    example: model('command: [bash, -c, "vllm serve | tee /var/log/vllm"]'),
    remedy: 'End the line with `"$@"`, and add one more word to the command.',
  },
  "no-hub-id": {
    severity: "error",
    sentence: "The model is fetched from the Hugging Face hub, and nothing there can have this id.",
    example: below("models", [
      below("mistral", [
        "server: vllm",
        "image: vllm/vllm-openai:v0.28.0",
        "model: https://huggingface.co/Qwen/Qwen3-8B",
        "instanceTypes: [g6.2xlarge]",
        "loadTime: 6m",
        "longestRequest: 5m",
      ]),
    ]),
    remedy:
      "Write the id as the hub shows it, such as `Qwen/Qwen3-8B`; or copy the model to S3, and write `weights`.",
  },
  "variable-not-replaced": {
    severity: "error",
    sentence: "An argument is a variable that only a shell or Kubernetes would replace. Neither runs here.",
    example: model("arguments: [--max-model-len, $(MAX_LEN)]"),
    remedy: "Write the value. Secrets belong into `secrets` or `apiKey`.",
  },
  "several-machines": {
    severity: "error",
    sentence:
      "The server is told to be one of several machines. Instances of a group do not know one another.",
    example: model('arguments: [--nnodes, "2"]'),
    remedy: "Use a type whose GPUs hold the whole model.",
  },
  "misplaced-word": {
    severity: "error",
    sentence:
      "The first word after the server's own command is for a shell, or starts another program. The server would take it for its model, or not start.",
    example: model("arguments: [vllm serve acme/chat --max-model-len 8192]"),
    remedy:
      "Write words one by one, variables into `env`, and a program that starts the server into `command`.",
  },
  "unknown-flag": {
    severity: "warning",
    sentence: "The server has no flag of this name in this version. It ends at its start.",
    example: model('arguments: [--max-model-length, "8192"]'),
    remedy:
      "Write the name in the message. Where a version is newer than the list, add it to the list with `npm run server-flags`, or accept the warning.",
  },
  "removed-flag": {
    severity: "error",
    sentence: "This version of the server no longer has the flag. It ends at its start.",
    example: model('arguments: [--swap-space, "4"]'),
    remedy: "Use what the message names, or remove the flag.",
  },
  "flag-of-later-version": {
    severity: "error",
    sentence: "This version of the server does not have the flag yet. It ends at its start.",
    example: model("image: vllm/vllm-openai:v0.18.0", "arguments: [--numa-bind]"),
    remedy: "Use the version in the message or a later one, or remove the flag.",
  },
  "flag-without-value": {
    severity: "warning",
    sentence: "The flag takes a value, and none follows it. The server ends at its start.",
    example: model("arguments: [--dtype]"),
    remedy: "Write the value after the flag; one that begins with a hyphen as `--flag=value`.",
  },
  "file-not-given": {
    severity: "warning",
    sentence:
      "An argument names a file, and nothing brings it into the container. The server ends at its start.",
    example: model("arguments: [--chat-template, /etc/chat.jinja]"),
    remedy: "Write the file into `files`. If the image has it, accept the warning.",
  },
  "stray-argument": {
    severity: "warning",
    sentence: "The word belongs to no flag, and the server takes none that stand alone.",
    example: model(
      "server: tgi",
      "image: ghcr.io/huggingface/text-generation-inference:3.3.7",
      "arguments: [llama]",
    ),
    remedy: "Remove the word, or write its flag before it.",
  },
  "flag-twice": {
    severity: "error",
    sentence: "The server ends at its start when a flag is given twice.",
    example: model(
      "server: tgi",
      "image: ghcr.io/huggingface/text-generation-inference:3.3.7",
      'arguments: [--max-concurrent-requests, "4", --max-concurrent-requests, "5"]',
    ),
    remedy: "Keep one of them.",
  },
  "values-swallow-model": {
    severity: "warning",
    sentence: "The flag takes all words that follow it, the model too. The server would serve another model.",
    example: below("models", [
      anotherModel("arguments: [--served-model-name, mistral, acme/mistral]").replace(/\n *model:.*/, ""),
    ]),
    remedy: "Write the model first, or after `--model`.",
  },
} as const satisfies Findings;
