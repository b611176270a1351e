import { spawnSync } from "node:child_process";
import fc from "fast-check";
import type { Path } from "../../../config/diagnostics/diagnostic";
import {
  acceptedWarnings,
  type Explanation,
  explain,
  explanationTable,
} from "../../../config/report/explain";
import { arbitraryServingFile } from "../../support/arbitrary-serving-file";
import { globalEndpointFile } from "../../support/global-endpoint-file";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

const model = {
  ...validModel(),
  timing: { drain: "10m" },
  capacity: { peakRequestsPerMinute: 300, requestsPerMinutePerInstance: 100, max: 12 },
  scaling: {},
};
const { deployment } = valid({ ...validFile(), models: { llama: model } });
const explanations = explain(deployment);
const table = explanationTable(explanations).split("\n");

test("every number of the load balancer, the model and the variant is explained", () => {
  expect(
    explanations.map(({ region, model, variant, numbers }) => [region, model, variant, Object.keys(numbers)]),
  ).toEqual([
    ["us-east-1", undefined, undefined, ["idleTimeout", "clientKeepAlive", "cost", "costOfSurvival"]],
    [
      "us-east-1",
      "llama",
      undefined,
      [
        ...[
          "loadTime",
          "healthInterval",
          "healthTimeout",
          "healthyThreshold",
          "unhealthyThreshold",
          "launchHook",
        ],
        ...[
          "startTimeout",
          "probeTimeout",
          "gracePeriod",
          "slowStart",
          "warmUp",
          "refreshWarmUp",
          "drain",
          "serverDrain",
        ],
        ...["stopTimeout", "terminateHook", "serverKeepAlive"],
      ],
    ],
    [
      "us-east-1",
      "llama",
      "main",
      [
        ...[
          "zones",
          "requestsPerInstance",
          "need",
          "min",
          "max",
          "onDemandBase",
          "onDemandShare",
          "minHealthy",
          "maxHealthy",
          "scalingTarget",
        ],
        ...["leastHealthy", "volume", "costAtMin", "costAtMax", "costOfSurvival"],
      ],
    ],
  ]);
});

test("a number that there is none of is left out", () => {
  const { deployment: plain } = valid({
    ...validFile(),
    models: { llama: { ...validModel(), scaling: {}, capacity: { min: 3, max: 4 } } },
  });
  expect(Object.keys(explain(plain)[2]?.numbers ?? {})).not.toEqual(expect.arrayContaining(["need"]));
  expect(Object.keys(explain(plain)[2]?.numbers ?? {})).not.toEqual(
    expect.arrayContaining(["scalingTarget"]),
  );
});

describe("a global endpoint", () => {
  const explained = explain(
    valid(globalEndpointFile({ routing: "latency", health: { interval: "30s" } })).deployment,
  );

  test("is explained before its regions, which it has none of", () => {
    expect(explained[0]).toMatchObject({ numbers: { failover: { value: 168 } } });
    expect(explained[0]).not.toHaveProperty("region");
    expect(explained.filter(({ region }) => region === undefined)).toHaveLength(1);
  });

  test("has a part of its own in the table", () => {
    const [part = ""] = explanationTable(explained).split("\n\n");
    expect(part).toMatch(/^global endpoint\n/);
    expect(part).toMatch(/\n {2}failover +168s {2}detection \+ dnsTtl: /);
    expect(part).toMatch(/\n {2}healthRequests +12 requests\/min {2}about 2 health checkers/);
  });

  test("says with how many instances each variant that counts is in service", () => {
    const numbers = explained.find(({ variant }) => variant === "main")?.numbers;
    expect(numbers?.inServiceWith).toMatchObject({ value: 1, unit: "instances" });
  });
});

describe("the table", () => {
  const under = (start: string) => table[table.findIndex((line) => line.startsWith(start)) + 1]?.trim();

  test("has a part for each of them, with a line between", () => {
    const titles = table.filter((line) => /^\S/.test(line));
    expect(titles).toEqual(["load balancer in us-east-1", "llama in us-east-1", "llama / main in us-east-1"]);
    expect(table.filter((line) => line === "")).toHaveLength(2);
  });

  test("says the value, its rule, its inputs and its source", () => {
    expect(table).toContain(
      "  idleTimeout             330s  longestSilence of all models + 30 s, at least 60 s, at most 4000 s: with a shorter one the load balancer answers 504 while the model still computes",
    );
    expect(under("  idleTimeout")).toBe("longestSilence = 5m · ELBv2 API, LoadBalancerAttribute");
  });

  test("shows the written number, and the derived one", () => {
    expect(table.find((line) => line.startsWith("  drain"))).toMatch(
      /^ {2}drain +10m {2}written in serving\.yaml instead of the derived 330s: longestRequest \+ 30 s, at most 3600 s: /,
    );
    expect(table.find((line) => line.startsWith("  max "))).toMatch(
      /instead of the derived 8 instances: min × 1\.5/,
    );
  });

  test("writes thresholds as counts, and shares as they are", () => {
    expect(under("  gracePeriod")).toMatch(/^loadTime = 6m, healthInterval = 10s, healthyThreshold = 2 · /);
    expect(under("  need")).toMatch(
      /^peakRequestsPerMinute = 300, share = 1, requestsPerMinutePerInstance = 100 · /,
    );
  });

  test("says the source alone where there is no input", () => {
    expect(under("  healthInterval")).toBe("ELBv2 API, CreateTargetGroup");
  });

  test("writes sizes, instances, shares and plain numbers each in its own way", () => {
    expect(
      table
        .filter((line) => /^ {2}(volume|min|maxHealthy|healthyThreshold) /.test(line))
        .map((line) => line.trim().split(/ {2,}/)[1]),
    ).toEqual(["2", "5 instances", "120 %", "120GiB"]);
  });

  test("has its columns one below the other", () => {
    const part = table.slice(
      table.indexOf("llama in us-east-1") + 1,
      table.indexOf("llama / main in us-east-1") - 1,
    );
    const column = Math.max(...part.filter((_, index) => index % 2 === 1).map((line) => line.search(/\S/)));
    for (const [index, line] of part.entries()) {
      expect(line.slice(0, column).trim() === "").toBe(index % 2 === 1);
      expect(line.slice(column - 2, column)).toBe("  ");
    }
  });
});

describe("the probe of a model", () => {
  const probeOf = (fields: object) => {
    const { deployment: other } = valid({
      ...validFile(),
      models: { llama: { ...validModel(), ...fields } },
    });
    const lines = explanationTable(explain(other)).split("\n");
    const index = lines.findIndex((line) => line.startsWith("  probe "));
    return [lines[index], lines[index + 1]].map((line) => line?.trim().replace(/ {2,}/g, "  "));
  };

  test("is the server's own, with its source", () => {
    expect(probeOf({})).toEqual([
      'probe  POST  :8000/v1/completions {"model":"{model}","prompt":"ready?","max_tokens":1}: an instance enters service when this is answered with "choices"',
      "vLLM docs, OpenAI-Compatible Server: Completions API, Models API",
    ]);
  });

  test("is what is written", () => {
    expect(probeOf({ probe: { path: "/v2/models/llama/ready", port: 9000 } })).toEqual([
      "probe  GET  :9000/v2/models/llama/ready: an instance enters service when this is answered",
      "written in serving.yaml",
    ]);
  });

  test("is the health check alone where there is none", () => {
    expect(probeOf({ probe: "health" })[0]).toBe(
      "probe  none  an instance enters service when /health answers",
    );
    expect(probeOf({ protocol: "grpc", arguments: ["--grpc"], port: 9000 })[0]).toBe(
      "probe  none  an instance enters service when port 9000 accepts a connection",
    );
  });
});

describe("the address for clients of OpenAI's API, and what is open", () => {
  const linesOf = (models: object, entry: object = {}) => {
    const file = validFile();
    const { deployment: other } = valid({
      ...file,
      entry: { ...file.entry, ...entry },
      models: models as never,
    });
    return explanationTable(explain(other))
      .split("\n")
      .filter((line) => /^ {2}(base_url|publicPaths) /.test(line))
      .map((line) => line.trim().replace(/ {2,}/g, "  "));
  };
  const llama = validModel();

  test("has the model's name, or says where its server lists it", () => {
    const told = { ...llama, weights: undefined, arguments: ["--config", "/etc/vllm.yaml"] };
    expect(linesOf({ llama })[0]).toMatch(/of OpenAI's clients; their model is llama$/);
    expect(linesOf({ llama: told })[0]).toMatch(
      /their model is what GET https:\/\/\S+\/llama\/v1\/models answers$/,
    );
    expect(linesOf({ llama, told }, { default: "told" })[2]).toMatch(
      /their model is the name that its server has$/,
    );
  });

  test("says which models have the same name", () => {
    const hub = { ...llama, weights: undefined, model: "acme/chat" };
    expect(linesOf({ a: hub, b: hub, llama })[0]).toMatch(
      /their model is acme\/chat, as that of b is: the list of models has it once$/,
    );
  });

  test("has the paths that routes open in words of their own", () => {
    const routes = [{ path: ["/v1/*", "/x"] }, { headers: { "x-model": "llama" } }];
    expect(linesOf({ llama: { ...llama, routes } })[1]).toMatch(
      /; routes with a path of their own open that, whatever this list says: \/v1\/\* \/x$/,
    );
    expect(linesOf({ llama })[1]).not.toMatch(/of their own/);
  });
});

test("every number has a rule and a source, and survives as JSON", () => {
  fc.assert(
    fc.property(arbitraryServingFile({ models: 2, regions: 2 }), (file) => {
      const all: readonly Explanation[] = explain(valid(file).deployment);
      for (const { numbers } of all) {
        for (const number of Object.values(numbers)) {
          expect(number.rule).not.toBe("");
          expect(number.source).not.toBe("");
          expect(Number.isFinite(number.value)).toBe(true);
          expect(number.rule + number.source).not.toMatch(/undefined|NaN|\[object/);
        }
      }
      expect(JSON.parse(JSON.stringify(all))).toHaveLength(all.length);
      expect(explanationTable(all)).not.toMatch(/undefined|NaN/);
    }),
    { numRuns: 30 },
  );
});

describe("the protocol to an instance", () => {
  const toInstance = (fields: Partial<WrittenFile["models"][string]>) => {
    const file = { ...validFile(), models: { llama: { ...validModel(), ...fields } } };
    return explain(valid(file).deployment).find(({ variant, model: name }) => name && !variant)?.texts
      ?.toInstance;
  };
  const AGENT = { maxConcurrency: 1, image: "example/agent:1" };

  test.each<[Partial<WrittenFile["models"][string]>, string, RegExp]>([
    [{}, "http", /^to port 8000, unencrypted within the VPC, .*: targetTls is not set$/],
    [{ server: "tgi" }, "http", /^to port 80, .*: tgi has no such option$/],
    [{ server: "tgi", targetOptimizer: AGENT }, "http", /^to port 3001, .*: targetTls is not set$/],
    [{ targetTls: true }, "https", /^to port 8000, where the server itself uses TLS, /],
    [{ targetTls: true, targetOptimizer: AGENT }, "https", /^to port 3001, where Target Optimizer's agent /],
  ])("%j", (fields, value, rule) => {
    expect(toInstance(fields)).toMatchObject({ value, rule: expect.stringMatching(rule) });
    expect(toInstance(fields)?.source).toMatch(/\w/);
  });
});

describe("accepted warnings", () => {
  const warning = (code: "no-scaling" | "no-probe", path: Path, message: string) => ({
    code,
    path,
    message,
    severity: "warning" as const,
  });
  const accepted = acceptedWarnings([
    {
      warning: warning("no-scaling", ["models", "llama", "capacity", "max"], "nothing makes it grow"),
      reason: "the load is flat\u001b[2J",
    },
    { warning: warning("no-probe", ["models", "bge", "server"], "no probe is known"), reason: "it is small" },
  ]);

  test("come by their paths, with the reasons", () => {
    expect(accepted.map(({ path, code, reason }) => [path, code, reason])).toEqual([
      ["models.bge.server", "no-probe", "it is small"],
      ["models.llama.capacity.max", "no-scaling", "the load is flat\u001b[2J"],
    ]);
  });

  test("stand below the numbers, in characters that can be seen", () => {
    expect(explanationTable([], accepted).split("\n")).toEqual([
      "accepted warnings",
      "  models.bge.server  no probe is known  [no-probe]",
      "    accepted: it is small",
      "  models.llama.capacity.max  nothing makes it grow  [no-scaling]",
      "    accepted: the load is flat\\u001b[2J",
    ]);
  });

  test("are no section where there are none", () => {
    expect(explanationTable([], [])).toBe("");
  });
});

describe("the container", () => {
  const { deployment: withSecret } = valid({
    ...validFile(),
    models: {
      llama: {
        ...validModel(),
        env: { GREETING: 'it\'s "$HOME"' },
        secrets: { HF_TOKEN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:hf-AbCdEf" },
      },
    },
  });
  const sections = explanationTable(explain(withSecret)).split("\n\n");
  const [, command = ""] = /^ {2}(docker run [\s\S]*)$/m.exec(sections.at(-1) ?? "") ?? [];

  test("is shown as a shell reads it, without the values of secrets", () => {
    expect(command.split(" \\\n    ")).toEqual([
      "docker run",
      ...["--detach", "--name model-server", "--runtime nvidia"],
      ...["--env NVIDIA_VISIBLE_DEVICES=runtime.nvidia.com/gpu=all", "--network host"],
      ...["--restart on-failure:5", "--log-driver json-file", "--log-opt max-size=100m"],
      ...["--log-opt max-file=3", "--stop-timeout 325", "--init", "--ulimit memlock=-1"],
      ...["--ulimit stack=67108864", "--ulimit nofile=1048576"],
      ...["--volume /model-data/models:/models:ro", "--volume /model-data/cache:/cache"],
      ...["--env DG_JIT_CACHE_DIR=/cache/deep_gemm", "--env FLASHINFER_WORKSPACE_BASE=/cache"],
      "--env 'GREETING=it'\\''s \"$HOME\"'",
      ...["--env HF_HOME=/cache/huggingface", "--env TORCHINDUCTOR_CACHE_DIR=/cache/inductor"],
      ...["--env TRITON_CACHE_DIR=/cache/triton", "--env VLLM_CACHE_ROOT=/cache/vllm"],
      ...["--env VLLM_HTTP_TIMEOUT_KEEP_ALIVE=4015", "--ipc host", "--env HF_TOKEN"],
      "vllm/vllm-openai:v0.28.0",
      ...["/models", "--served-model-name llama", "--shutdown-timeout 300"],
    ]);
    expect(command).not.toContain("arn:");
  });

  test("can be pasted", () => {
    const words = spawnSync("bash", ["-c", `docker() { printf '%s\\n' "$@"; }\n${command}`], {
      encoding: "utf8",
    }).stdout.split("\n");
    expect(words).toEqual(
      expect.arrayContaining(["run", 'GREETING=it\'s "$HOME"', "vllm/vllm-openai:v0.28.0"]),
    );
    expect(words.slice(-5, -1)).toEqual(["--served-model-name", "llama", "--shutdown-timeout", "300"]);
  });
});

test("what a run line has that the instance does itself is said", () => {
  const { deployment: ofRun } = valid({
    ...validFile(),
    models: {
      llama: {
        ...validModel(),
        image: undefined,
        run: "docker run --gpus all -v ~/.cache/huggingface:/root/.cache/huggingface vllm/vllm-openai:v0.28.0",
      },
    },
  });
  expect(explain(ofRun)[2]?.texts?.run).toEqual({
    value: "left out",
    rule: "the mounts at /root/.cache/huggingface: the instance keeps the server's caches itself",
    source: "docs/serving-yaml.md",
  });
});
