import { model } from "./example";
import type { Findings } from "./finding";

/** The model server: its arguments, what it speaks, and the request that shows that its model works. */
export const server = {
  "argument-contradicts-file": {
    severity: "error",
    sentence:
      "An argument or variable contradicts a field of the file. Health checks, sizes and drains follow the field.",
    example: model('arguments: [--port, "9000"]'),
    remedy: "Remove the argument, and write the value in the field that the message names.",
  },
  "arguments-joined": {
    severity: "error",
    sentence:
      "A flag and its value stand in one item. No shell splits them, so the server would look for a flag with a space.",
    example: model("arguments: [--dtype half]"),
    remedy: "Write two items: the flag, and the value.",
  },
  "stages-not-supported": {
    severity: "error",
    sentence: "The server cannot split a model into stages one after the other.",
    example: model("server: tgi", "memory: { parameters: 7B, pipelineParallel: 2 }"),
    remedy: "Leave `pipelineParallel` out, and count all GPUs in `tensorParallel`.",
  },
  "server-not-reachable": {
    severity: "error",
    sentence: "An argument has the server listen where the load balancer does not reach it.",
    example: model("server: sglang", "arguments: [--host, 127.0.0.1]"),
    remedy: "Remove the argument. The server then listens at all addresses of the instance.",
  },
  "server-paths-moved": {
    severity: "error",
    sentence:
      "An argument or variable gives the server's paths another beginning. Its public paths, its health check and its probe have none.",
    example: model(
      "server: llama.cpp",
      "image: ghcr.io/ggml-org/llama.cpp:server-cuda-b10573",
      "arguments: [--api-prefix, /chat]",
    ),
    remedy:
      "Remove it. A route takes its `prefix` off, so clients can have the beginning without the server.",
  },
  "server-cuts-requests": {
    severity: "warning",
    sentence:
      "The server in this image cuts running requests when an instance stops: its version has no argument against that, or is not known. Those that end within the load balancer's drain are not cut.",
    example: model("image: vllm/vllm-openai:v0.17.0"),
    remedy:
      "Use the version in the message or a later one. If your image has the argument, write it into `arguments`.",
  },
  "health-check-generates": {
    severity: "warning",
    sentence:
      "In this version the health check is a generation. A busy instance answers it late, and would be replaced.",
    example: model("server: sglang", "image: lmsysorg/sglang:v0.5.3"),
    remedy: "Use the version in the message or a later one, or write the longer timeout.",
  },
  "driver-may-be-too-old": {
    severity: "warning",
    sentence: "The container needs a newer NVIDIA driver than machine images before December 2025 have.",
    example: model("image: vllm/vllm-openai:v0.28.0", "ami: { id: ami-0123456789abcdef0 }"),
    remedy: "Use a newer machine image, or leave `ami` out. If yours has the driver, accept the warning.",
  },
  "server-version-too-old": {
    severity: "error",
    sentence: "This version of the server does not have an option that it would be started with.",
    example: model("server: sglang", "image: lmsysorg/sglang:v0.5.3", "targetTls: true"),
    remedy: "Use the version in the message or a later one, or leave out what needs it.",
  },
  "protocol-not-spoken": {
    severity: "error",
    sentence: "The server does not speak this protocol, so no instance would ever become healthy.",
    example: model("server: ollama", "protocol: http2"),
    remedy: "Use `protocol: http1`. If your build of the server does speak it, use `server: custom`.",
  },
  "protocol-not-enabled": {
    severity: "error",
    sentence: "The server speaks this protocol only when an argument turns it on.",
    example: model("protocol: grpc"),
    remedy: "Add the argument in the message, or use `protocol: http1`.",
  },
  "port-taken": {
    severity: "error",
    sentence: "Something else on the instance already listens at this port.",
    example: model(
      "targetOptimizer:",
      "  maxConcurrency: 8",
      "  image: public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1",
      "  port: 8000",
    ),
    remedy: "Write another port, or leave it out.",
  },
  "server-without-tls": {
    severity: "error",
    sentence: "The server cannot take TLS, and nothing else on the instance would.",
    example: model("server: ollama", "targetTls: true"),
    remedy: "Remove `targetTls`. Then requests are in the clear within the VPC.",
  },
  "certificate-given-to-server": {
    severity: "error",
    sentence:
      "The server is given a certificate of its own. It would contradict `targetTls`, or the load balancer would not speak TLS to it.",
    example: model("arguments: [--ssl-certfile, /tls/server.pem]"),
    remedy: "Remove the argument or variable, and write `targetTls: true` for TLS to the instances.",
  },
  "custom-server-incomplete": {
    severity: "error",
    sentence: "Nothing is known of a `custom` server, and its port or health check is missing.",
    example: model("server: custom"),
    remedy: "Add `port`, and `health.path` unless it speaks gRPC.",
  },
  "server-of-images": {
    severity: "error",
    sentence:
      "The model makes images or videos. Another server of the same name serves it, with other options and paths, and no API key.",
    example: model(
      "server: sglang",
      "image: lmsysorg/sglang:v0.5.13",
      "arguments: [sglang, serve, --model-path, Qwen/Qwen-Image]",
    ),
    remedy:
      "Describe it as a `custom` server, as the message does. Where the name of the model is misleading, write `task`.",
  },
  "server-in-background": {
    severity: "error",
    sentence: "What starts the server leaves it in the background and ends. The container ends with it.",
    example: model('command: [bash, -c, "vllm serve /models &"]'),
    remedy: "Start the server in the foreground, as the message says.",
  },
  "ray-config-missing": {
    severity: "error",
    sentence: "The command names a configuration file that neither Ray's image nor anything in the file has.",
    example: model(
      "server: ray-serve",
      "image: rayproject/ray-llm:2.49.0-py311-cu128",
      "command: [serve, run, config.yaml]",
    ),
    remedy: "Write the file into `files`, at the path that the command reads.",
  },
  "ray-serve-ends": {
    severity: "error",
    sentence:
      "The command starts Ray without an application, or hands an application to a Ray that is not there. The container ends, or serves nothing.",
    example: model(
      "server: ray-serve",
      "image: rayproject/ray-llm:2.49.0-py311-cu128",
      "command: [serve, deploy, /models/config.yaml]",
    ),
    remedy: "Write `command: [serve, run, …]` with the configuration file or the application.",
  },
  "no-application": {
    severity: "warning",
    sentence: "The configuration file of Ray Serve names no application.",
    example: model(
      "server: ray-serve",
      "image: rayproject/ray-llm:2.49.0-py311-cu128",
      "command: [serve, run, /etc/serve.yaml]",
      'files: { /etc/serve.yaml: { text: "applications: []" } }',
    ),
    remedy: "Name the application in `applications`.",
  },
  "no-probe": {
    severity: "warning",
    sentence:
      "No request is known that shows whether the model works. An instance enters service when its health check passes.",
    example: model("server: custom", "port: 8000", "health: { path: /health }"),
    remedy: "Write a `probe`, or `probe: health` if the health check is enough.",
  },
  "probe-body-not-json": {
    severity: "error",
    sentence: "The body of the probe is not JSON.",
    example: model('probe: { path: /v1/embeddings, body: "input=ready" }'),
    remedy: 'Write JSON in single quotes, such as `\'{"input": "ready?"}\'`.',
  },
  "probe-port-missing": {
    severity: "error",
    sentence: "A probe speaks HTTP, and the model's port speaks gRPC.",
    example: model(
      "image: vllm/vllm-openai:v0.20.0",
      "protocol: grpc",
      "arguments: [--grpc]",
      "probe: { path: /health }",
    ),
    remedy: "Add `probe.port`, where the server speaks HTTP, or write `probe: health`.",
  },
  "task-contradicts-arguments": {
    severity: "error",
    sentence: "An argument has the server do another task than `task` says.",
    example: model("task: rerank", "arguments: [--convert, embed]"),
    remedy: "Remove `task`, or the argument.",
  },
  "task-not-known": {
    severity: "error",
    sentence: "No request is known by which this server shows that it does this task.",
    example: model("server: tgi", "task: embed"),
    remedy: "Write a `probe`, or `probe: health` if the health check is enough.",
  },
  "task-not-told": {
    severity: "error",
    sentence:
      "Which request the server answers depends on its task. Its arguments exclude the usual one and tell no other, or the name of its image, of a NIM, tells none.",
    example: model("arguments: [--runner, pooling]"),
    remedy: "Write `task`, or a `probe` that the model can answer.",
  },
} as const satisfies Findings;
