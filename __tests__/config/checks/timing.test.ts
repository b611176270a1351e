import { server, testRules } from "../../support/rule-cases";

const REQUEST = "longestRequest: 5m";
const LOAD = "loadTime: 6m";
const written = (times: string): readonly [string, string] => [
  REQUEST,
  `${REQUEST}\n    timing: { ${times} }`,
];

describe("requests", () => {
  testRules([
    {
      name: "that take no time",
      changes: [[REQUEST, "longestRequest: ▸0s"]],
      expected: [
        "error  models.llama.longestRequest  longest-request-zero  0s is too short for any request; write the longest that you allow",
      ],
    },
    {
      name: "as long as a load balancer waits for a leaving instance",
      changes: [
        [REQUEST, "longestRequest: 1h"],
        [LOAD, "loadTime: ▸6m"],
      ],
      expected: ["warning  models.llama.loadTime  refresh-outlasts-cancel"],
    },
    {
      name: "longer than a load balancer waits for a leaving instance",
      changes: [[REQUEST, "longestRequest: ▸3601s"]],
      expected: [
        "error  models.llama.longestRequest  longest-request-too-long  3601s cannot drain: a load balancer waits 1h at most for a leaving instance; make requests shorter, or let clients poll for results",
      ],
    },
    {
      name: "longer and more silent than a load balancer waits",
      changes: [[REQUEST, "longestRequest: ▸4001s"]],
      expected: [
        "error  models.llama.longestRequest  longest-request-too-long",
        "error  models.llama.longestRequest  silence-too-long  4001s of silence is longer than a load balancer waits (4000s); stream the answer and give longestSilence",
      ],
    },
    {
      name: "more silent than a load balancer waits",
      changes: [[REQUEST, `longestRequest: ▸2h\n    longestSilence: ▸4001s`]],
      expected: [
        "error  models.llama.longestRequest  longest-request-too-long  2h cannot drain: a load balancer waits 1h at most for a leaving instance; make requests shorter, or let clients poll for results",
        "error  models.llama.longestSilence  silence-too-long",
      ],
    },
    {
      name: "silent for longer than they last",
      changes: [[REQUEST, `${REQUEST}\n    longestSilence: ▸6m`]],
      expected: [
        "error  models.llama.longestSilence  silence-above-request  6m is longer than longestRequest, 5m, which it is a part of; correct one of them",
      ],
    },
    {
      name: "silent for as long as they last",
      changes: [[REQUEST, `${REQUEST}\n    longestSilence: 5m`]],
      expected: [],
    },
  ]);
});

describe("loading", () => {
  testRules([
    {
      name: "for less than an instance takes to boot",
      changes: [[LOAD, "loadTime: ▸59s"]],
      expected: [
        "error  models.llama.loadTime  load-time-too-short  59s is less than an instance takes to boot and to start a container: instances would be thrown away while they load, for ever; measure it from the launch on, and write 1m or more",
      ],
    },
    { name: "for a minute", changes: [[LOAD, "loadTime: 1m"]], expected: [] },
    {
      name: "for as long as a launch hook can wait",
      changes: [[LOAD, "loadTime: ▸7185s"]],
      expected: [
        "warning  models.llama.loadTime  refresh-outlasts-cancel",
        "warning  models.llama.loadTime  launch-outlasts-refresh",
      ],
    },
    {
      name: "for longer than a launch hook can wait",
      changes: [[LOAD, "loadTime: ▸2h"]],
      expected: [
        "error  models.llama.loadTime  load-time-too-long  2h is longer than a launch hook can wait for an instance, 7185s: instances would be thrown away while they load, for ever; make loading faster, as with an image of your own that holds the weights",
      ],
    },
    {
      name: "for longer than any launch hook, with the longest",
      changes: [[LOAD, "loadTime: ▸3h"], written("launchHook: 2h")],
      expected: ["error  models.llama.loadTime  load-time-too-long"],
    },
  ]);
});

describe("an instance's life", () => {
  const life = (text: string): readonly [string, string] => [
    REQUEST,
    `${REQUEST}\n    maxInstanceLifetime: ${text}`,
  ];
  testRules([
    ...["0s", "1d", "365d"].map((text) => ({ name: `of ${text}`, changes: [life(text)], expected: [] })),
    ...["100s", "86399s", "366d"].map((text) => ({
      name: `[max-lifetime] of ${text}`,
      changes: [life(`▸${text}`)],
      expected: [
        `error  models.llama.maxInstanceLifetime  out-of-range  ${text} must be 0s, for never, or from 1d to 365d`,
      ],
    })),
  ]);
});

describe("a time that is written", () => {
  testRules([
    {
      name: "shorter than what it has to outlast",
      changes: [
        written(
          "launchHook: ▸374s, gracePeriod: ▸359s, drain: ▸299s, serverDrain: ▸298s, terminateHook: ▸327s",
        ),
      ],
      expected: [
        "error  models.llama.timing.launchHook  time-too-short  launchHook 374s < 375s, loadTime and 15 s: instances would be thrown away while they load, for ever",
        "error  models.llama.timing.gracePeriod  time-too-short  gracePeriod 359s < 6m, loadTime: instances would be killed while they load, for ever",
        "error  models.llama.timing.drain  time-too-short  drain 299s < 5m, longestRequest: longer requests would get a 502",
        "error  models.llama.timing.serverDrain  time-too-short  serverDrain 298s < 5m, longestRequest: the server would cut longer requests off",
        "error  models.llama.timing.terminateHook  time-too-short  terminateHook 327s < 328s, serverDrain and 30 s: the instance would be gone before its server has finished",
      ],
    },
    {
      name: "just long enough",
      changes: [
        written(
          "launchHook: 375s, gracePeriod: 6m, drain: 5m, serverDrain: 5m, terminateHook: 330s, warmUp: 0s",
        ),
      ],
      expected: [],
    },
    {
      name: "[grace-short] far too short",
      changes: [[LOAD, "loadTime: ▸15m"], written("gracePeriod: ▸60s")],
      expected: [
        "warning  models.llama.loadTime  refresh-outlasts-cancel",
        "error  models.llama.timing.gracePeriod  time-too-short  gracePeriod 1m < 15m, loadTime: instances would be killed while they load, for ever",
      ],
    },
    {
      name: "[drain-over] longer than a load balancer can",
      changes: [written("drain: ▸3601s")],
      expected: [
        "error  models.llama.timing.drain  out-of-range  must be 0s–1h; got 3601s (ELBv2 API, TargetGroupAttribute)",
      ],
    },
    { name: "as long as a terminate hook can wait", changes: [written("serverDrain: 7170s")], expected: [] },
    {
      name: "longer than a terminate hook can wait",
      changes: [written("serverDrain: ▸7171s")],
      expected: [
        "error  models.llama.timing.serverDrain  server-drain-too-long  7171s is longer than a terminate hook can wait for a server, 7170s; use that or less",
      ],
    },
    {
      name: "a slow start without round_robin",
      changes: [written("slowStart: ▸30s")],
      expected: [
        "error  models.llama.timing.slowStart  slow-start-refused  slow start works with algorithm: round_robin only, not least_outstanding_requests; remove one of the two",
      ],
    },
    { name: "no slow start without round_robin", changes: [written("slowStart: 0s")], expected: [] },
    {
      name: "a slow start that is too quick",
      changes: [["server: vllm", "server: vllm\n    algorithm: round_robin"], written("slowStart: ▸29s")],
      expected: [
        "error  models.llama.timing.slowStart  out-of-range  29s must be 0s, for none, or from 30s to 900s",
      ],
    },
    {
      name: "a slow start",
      changes: [["server: vllm", "server: vllm\n    algorithm: round_robin"], written("slowStart: 30s")],
      expected: [],
    },
  ]);
});

describe("a health check", () => {
  const health = (fields: string): readonly [string, string] => [
    REQUEST,
    `${REQUEST}\n    health: { ${fields} }`,
  ];
  testRules([
    {
      name: "[timeout-ge-interval] that may take longer than the time between two",
      changes: [health("interval: 5s, timeout: ▸10s")],
      expected: [
        "error  models.llama.health.timeout  health-timeout-too-long  timeout 10s must be less than interval 5s",
      ],
    },
    {
      name: "that may take as long as the time between two",
      changes: [health("timeout: ▸10s")],
      expected: ["error  models.llama.health.timeout  health-timeout-too-long"],
    },
    { name: "that takes less", changes: [health("timeout: 9s")], expected: [] },
    {
      name: "[hc-path] of a path without its slash",
      changes: [health("path: ▸health")],
      expected: ["error  models.llama.health.path  wrong-format"],
    },
  ]);
});

describe("a server's keep-alive", () => {
  const unknown = (server: string, closes: string) =>
    `warning  models.llama.server  keep-alive-unknown  llama: ${server} ${closes}, and then the load balancer answers 502 at random; make it keep them longer than 330s, and write that as timing.serverKeepAlive`;
  const MAY = "may close idle connections before the load balancer does";
  const CUSTOM = "server: ▸custom\n    port: 8000\n    health: { path: /health }\n    probe: health";
  testRules([
    {
      name: "[keepalive] as short as the load balancer's",
      changes: [written("serverKeepAlive: ▸330s")],
      expected: [
        "error  models.llama.timing.serverKeepAlive  keep-alive-too-short  serverKeepAlive 330s must exceed idleTimeout, 330s, or the load balancer answers 502 at random; leave it out",
      ],
    },
    { name: "a second longer", changes: [written("serverKeepAlive: 331s")], expected: [] },
    {
      name: "longer than one region's, and shorter than another's",
      changes: [
        [
          "models:\n  llama:",
          "    entry: { idleTimeout: 20m }\n  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\nmodels:\n  llama:",
        ],
        written("serverKeepAlive: ▸15m"),
      ],
      expected: [
        "error  models.llama.timing.serverKeepAlive  keep-alive-too-short  serverKeepAlive 15m must exceed idleTimeout, 20m, or the load balancer answers 502 at random; leave it out",
      ],
    },
    {
      name: "of a custom server, unknown",
      changes: [["server: vllm", CUSTOM]],
      expected: [unknown("custom", MAY)],
    },
    { name: "of NIM, unknown", changes: [server("▸nim")], expected: [unknown("nim", MAY)] },
    {
      name: "of llama.cpp, fixed",
      changes: [server("▸llama.cpp")],
      expected: [unknown("llama.cpp", "closes idle connections after 5 s")],
    },
    {
      name: "of a custom server, written",
      changes: [["server: vllm", CUSTOM.replace("▸", "")], written("serverKeepAlive: 1h")],
      expected: [],
    },
    {
      name: "of a server that keeps connections for ever",
      changes: [server("tgi")],
      expected: [],
    },
  ]);
});
