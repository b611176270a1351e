import { below, model } from "./example";
import type { Findings } from "./finding";

/** A model whose load time is not written. */
function unmeasured(...fields: readonly string[]): string {
  const needed = [
    "server: vllm",
    "image: vllm/vllm-openai:v0.28.0",
    "model: acme/mistral",
    "instanceTypes: [g6.2xlarge]",
  ];
  return below("models", [below("mistral", [...needed, "longestRequest: 5m", ...fields])]);
}

/** Times that have to go together: of requests, loading, draining and health checks. */
export const timing = {
  "longest-request-zero": {
    severity: "error",
    sentence: "No request can be answered in no time, and drains follow from the longest one.",
    example: model("longestRequest: 0s"),
    remedy: "Write the longest request that must not be cut.",
  },
  "longest-request-too-long": {
    severity: "error",
    sentence:
      "A load balancer waits one hour at most for the requests of a leaving instance. Longer ones would be cut.",
    example: model("longestRequest: 2h"),
    remedy: "Make requests shorter, or let clients poll for results.",
  },
  "silence-too-long": {
    severity: "error",
    sentence: "A load balancer closes a connection that is silent for longer than 4000 seconds.",
    example: model("longestRequest: 2h"),
    remedy: "Stream the answer, and write the longest gap as `longestSilence`.",
  },
  "silence-above-request": {
    severity: "error",
    sentence: "A silence is a part of a request, so it cannot be longer.",
    example: model("longestSilence: 6m"),
    remedy: "Correct `longestSilence` or `longestRequest`.",
  },
  "time-too-short": {
    severity: "error",
    sentence:
      "A time under `timing` is shorter than the file promises elsewhere. Requests would be cut, or instances replaced while they load.",
    example: model("timing: { drain: 1m }"),
    remedy: "Raise it, or leave it out: then it follows from the other times.",
  },
  "load-time-unknown": {
    severity: "error",
    sentence: "`loadTime` is not written, and cannot be estimated without the size of the weights.",
    example: unmeasured(),
    remedy:
      "Write `loadTime`, measured from the launch of an instance until its model answers. Or write `weights.size`, `memory.size`, or `memory` with `parameters`, and let it be estimated.",
  },
  "load-time-estimated": {
    severity: "warning",
    sentence:
      "`loadTime` is not written, so it is estimated from the size of the weights and from starts that were published. All times of a launch follow from it, so the most that was seen is taken.",
    example: unmeasured("memory: { parameters: 8B }"),
    remedy:
      "Once instances run, `npm run measured` tells [how long the worst took](operations.md#logs-and-metrics); write that. Until then accept the warning.",
  },
  "load-time-too-short": {
    severity: "error",
    sentence:
      "No instance boots and starts a container so fast. It would be replaced while it loads, for ever.",
    example: model("loadTime: 10s"),
    remedy: "Measure from the launch of an instance until its model answers, and write that.",
  },
  "load-time-too-long": {
    severity: "error",
    sentence:
      "Auto Scaling does not wait so long for a new instance. It would be replaced while it loads, for ever.",
    example: model("loadTime: 3h"),
    remedy: "Make loading faster, as with an image of your own that holds the weights.",
  },
  "server-drain-too-long": {
    severity: "error",
    sentence:
      "Auto Scaling does not wait so long for a leaving instance. Its server would be stopped before it has finished.",
    example: model("timing: { serverDrain: 3h }"),
    remedy: "Write the time in the message or less.",
  },
  "slow-start-refused": {
    severity: "error",
    sentence: "Slow start works with the algorithm `round_robin` only.",
    example: model("timing: { slowStart: 60s }"),
    remedy: "Remove `slowStart`, or write `algorithm: round_robin`.",
  },
  "health-timeout-too-long": {
    severity: "error",
    sentence: "A health check may take as long as the time to the next one, which AWS refuses.",
    example: model("health: { interval: 10s, timeout: 10s }"),
    remedy: "Write a `timeout` below `interval`.",
  },
  "keep-alive-too-short": {
    severity: "error",
    sentence:
      "The server closes idle connections before the load balancer does. A request sent at that moment gets 502.",
    example: model("timing: { serverKeepAlive: 30s }"),
    remedy: "Leave `serverKeepAlive` out, or write a time above the load balancer's idle timeout.",
  },
  "keep-alive-unknown": {
    severity: "warning",
    sentence:
      "It is not known how long the server keeps idle connections, or it keeps them too short a time. Requests may get 502 at random.",
    example: model("server: custom", "port: 8000", "health: { path: /health }", "probe: health"),
    remedy:
      "See that the server keeps them longer than the time in the message, and write that as `timing.serverKeepAlive`.",
  },
} as const satisfies Findings;
