import { server, testRules } from "../../support/rule-cases";

const AGENT = "public.ecr.aws/aws-elb/target-optimizer/target-control-agent:1";
const tls = (more = ""): readonly [string, string] => ["loadTime:", `targetTls: ▸true${more}\n    loadTime:`];
const with_ = (fields: string): readonly [string, string] => ["loadTime:", `${fields}\n    loadTime:`];
/** What has Ray Serve start an application, without a word of it here. */
const APPLICATION = "\n    arguments: [serve, run, /models/app.yaml]";
const more = (name: string) => (name === "ray-serve" ? APPLICATION : "");
/** Some close idle connections early, and say nothing of it here. */
const KEPT = "\n    timing: { serverKeepAlive: 4015s }";
const OPTIMIZED = `\n    targetOptimizer: { maxConcurrency: 8, image: "${AGENT}" }`;
const PROBED = "\n    probe: health";

describe("TLS from the load balancer to the instance", () => {
  testRules([
    { name: "by a server that speaks it", changes: [with_("targetTls: true")], expected: [] },
    ...(
      [
        ["tgi", "tgi has no such option"],
        ["ollama", "ollama has no such option"],
        ["triton", "triton supports it for gRPC only"],
        ["ray-serve", "ray-serve sets it in its own configuration only (http_options)"],
      ] as const
    ).map(([name, why]) => ({
      name: `by ${name}, which does not speak it`,
      changes: [server(name), tls(`${PROBED}${KEPT}${more(name)}`)],
      expected: [
        `error  models.llama.targetTls  server-without-tls  ${why}, and nothing else on the instance takes TLS; remove it: requests are then unencrypted within the VPC`,
      ],
    })),
    ...["tgi", "ollama", "triton", "ray-serve"].map((name) => ({
      name: `by Target Optimizer's agent before ${name}`,
      changes: [server(name), with_(`targetTls: true${PROBED}${KEPT}${OPTIMIZED}${more(name)}`)],
      expected: [],
    })),
    ...["nim", "llama.cpp", "sglang"].map((name) => ({
      name: `by ${name}`,
      changes: [server(name), with_(`targetTls: true${KEPT}`)],
      expected: [],
    })),
    {
      name: "by triton with gRPC",
      changes: [
        server("triton"),
        with_(`targetTls: true\n    protocol: grpc\n    routes: [{ headers: { x-model: llama } }]${PROBED}`),
      ],
      expected: [],
    },
    {
      name: "by a custom server, which has to be told by the team",
      changes: [
        server("custom"),
        with_(
          `targetTls: true\n    port: 8443\n    health: { path: /up }\n    arguments: [--cert, /tls/certificate.pem]${PROBED}${KEPT}`,
        ),
      ],
      expected: [],
    },
    {
      name: "that is neither yes nor no",
      changes: [with_("targetTls: ▸https")],
      expected: ['error  models.llama.targetTls  wrong-type  expected true or false; got a string ("https")'],
    },
  ]);
});

describe("the version of a server that is to speak TLS", () => {
  const old = (name: string, since: string) =>
    `error  models.llama.image  server-version-too-old  ${name} is known to speak TLS from ${since} on; use a later one, or remove targetTls`;
  const image = (name: string, text: string, fields = "targetTls: true") => [
    server(name, text),
    with_(`${fields}${KEPT}`),
  ];
  testRules([
    ...[
      "lmsysorg/sglang:▸v0.5.9",
      "lmsysorg/sglang:▸v0.5.8-cu126",
      "mirror.example.com/sglang:▸0.5.9.post1",
    ].map((text) => ({
      name: `${text} is too old`,
      changes: image("sglang", `▸${text.replace("▸", "")}`),
      expected: [old("sglang", "0.5.10")],
    })),
    {
      name: "ghcr.io/ggml-org/llama.cpp:server-cuda-b7735 is too old",
      changes: image("llama.cpp", "▸ghcr.io/ggml-org/llama.cpp:server-cuda-b7735"),
      expected: [old("llama.cpp", "b7736")],
    },
    ...(
      [
        ["sglang", "lmsysorg/sglang:v0.5.13"],
        ["sglang", "lmsysorg/sglang:v0.6.0-cu130"],
        ["sglang", "lmsysorg/sglang:v0.5.10"],
        ["sglang", "lmsysorg/sglang:dev-cu13"],
        ["llama.cpp", "ghcr.io/ggml-org/llama.cpp:server-cuda12-b7736"],
        ["llama.cpp", "ghcr.io/ggml-org/llama.cpp:server-cuda"],
      ] as const
    ).map(([name, text]) => ({ name: `${text} may do`, changes: image(name, text), expected: [] })),
    {
      name: "does not matter without TLS",
      changes: image("sglang", "lmsysorg/sglang:v0.5.9", "targetTls: false"),
      expected: [],
    },
    {
      name: "does not matter where the agent speaks it",
      changes: image("sglang", "lmsysorg/sglang:v0.5.9", `targetTls: true${OPTIMIZED}`),
      expected: [],
    },
  ]);
});

describe("a certificate of the team's own", () => {
  const ARGUMENTS = "arguments: [--seed, '7', ▸--ssl-certfile=/own/c.pem, ▸--ssl-keyfile, /own/k.pem]";
  const both = (say: (name: string) => string) =>
    ["--ssl-certfile", "--ssl-keyfile"].map(
      (name, place) =>
        `error  models.llama.arguments[${2 + place}]  certificate-given-to-server  ${say(name)}`,
    );
  testRules([
    {
      name: "beside the one that the instance makes",
      changes: [with_(`targetTls: true\n    ${ARGUMENTS}`)],
      expected: both(
        (name) => `targetTls sets ${name}, with a certificate that the instance makes; remove it`,
      ),
    },
    {
      name: "that the load balancer knows nothing of",
      changes: [with_(ARGUMENTS)],
      expected: both(
        (name) =>
          `with ${name} the server speaks TLS, but the load balancer would not; remove it, and write targetTls: true`,
      ),
    },
    {
      name: "behind Target Optimizer's agent",
      changes: [with_(`targetTls: true${OPTIMIZED}\n    ${ARGUMENTS}`)],
      expected: both(
        (name) => `with ${name} the server speaks TLS, which Target Optimizer's agent does for it; remove it`,
      ),
    },
    {
      name: "with underscores, which llama.cpp reads as hyphens",
      changes: [server("llama.cpp"), with_(`arguments: [▸--ssl_cert_file, /own/c.pem]${KEPT}`)],
      expected: [
        "error  models.llama.arguments[0]  certificate-given-to-server  with --ssl-cert-file the server speaks TLS, but the load balancer would not; remove it, and write targetTls: true",
      ],
    },
    {
      name: "in a variable",
      changes: [server("nim"), with_(`env: { NIM_SSL_MODE: ▸TLS, MODE: fast }${KEPT}`)],
      expected: [
        "error  models.llama.env.NIM_SSL_MODE  certificate-given-to-server  with NIM_SSL_MODE the server speaks TLS, but the load balancer would not; remove it, and write targetTls: true",
      ],
    },
    {
      name: "for gRPC, of which the load balancer sees nothing",
      changes: [server("triton"), with_(`arguments: [--grpc-use-ssl, 'true']${PROBED}`)],
      expected: [],
    },
    {
      name: "of a custom server",
      changes: [
        server("custom"),
        with_(`port: 8443\n    health: { path: /up }\n    arguments: [--ssl-certfile, c]${PROBED}${KEPT}`),
      ],
      expected: [],
    },
  ]);
});
