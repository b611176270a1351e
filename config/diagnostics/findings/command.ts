import { model } from "./example";
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
    example: model("command: [bash, -c, exec vllm serve]"),
    remedy: 'End the line with `"$@"`, and add one more word to the command.',
  },
} as const satisfies Findings;
