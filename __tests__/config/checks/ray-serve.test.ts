import { server, testRules } from "../../support/rule-cases";

const CAPACITY = "capacity: { min: 3, max: 6 }";
const with_ = (fields: string): readonly [string, string] => [CAPACITY, `${CAPACITY}\n    ${fields}`];
const RAY = server("ray-serve");
const APPLICATION = "applications:\n- import_path: ray.serve.llm:build_openai_app\n";
const config = (text: string, command = "serve, run, /etc/serve.yaml") =>
  with_(
    `probe: health\n    command: [${command}]\n    files: { /etc/serve.yaml: ▸{ text: ${JSON.stringify(text)} } }`,
  );
const FILE = 'models.llama.files["/etc/serve.yaml"]';

describe("a command of Ray Serve", () => {
  testRules([
    ...[
      "serve, deploy, c.yaml",
      "serve, start",
      "/opt/bin/serve, deploy, c.yaml",
      "bash, -c, 'ray start --head && serve deploy c.yaml'",
    ].map((command) => ({
      name: `does not hand its application over: ${command}`,
      changes: [RAY, with_(`probe: health\n    command: ▸[${command}]`)],
      expected: [
        "error  models.llama.command  ray-serve-ends  it hands an application to a Ray that runs, and ends, and the container with it; write command: [serve, run, config.yaml], which starts Ray and stays",
      ],
    })),
    {
      name: "does not start Ray alone",
      changes: [RAY, with_("probe: health\n    arguments: [▸ray, start, --head, --block]")],
      expected: [
        "error  models.llama.arguments[0]  ray-serve-ends  ray start starts Ray alone, and no application that serves; write command: [serve, run, config.yaml], which starts Ray and stays",
      ],
    },
    ...[
      ["serve, run, config.yaml", "config.yaml", "/home/ray/config.yaml"],
      [
        "bash, -c, 'pip install x && serve run /etc/serve/llm.yml'",
        "/etc/serve/llm.yml",
        "/etc/serve/llm.yml",
      ],
    ].map(([command, named, path = ""]) => ({
      name: `has its configuration file: ${command}`,
      changes: [RAY, with_(`probe: health\n    command: ▸[${command}]`)],
      expected: [
        `error  models.llama.command  ray-config-missing  ${named} is not in the image, and serve run ends without it; put the file beside serving.yaml, and write files: { ${path}: ${path.replace(/^.*\//, "")} }`,
      ],
    })),
    ...[
      "serve, run, /models/config.yaml",
      "bash, -c, 'curl -o c.yaml https://example.com/c.yaml && serve run c.yaml'",
    ].map((command) => ({
      name: `has its configuration file elsewhere: ${command}`,
      changes: [RAY, with_(`probe: health\n    command: [${command}]`)],
      expected: [],
    })),
    {
      name: "has its configuration file in an image of the team's own",
      changes: [
        server("ray-serve", "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme/serve:1.0.0"),
        with_("probe: health\n    command: [serve, run, config.yaml]"),
      ],
      expected: [],
    },
    ...["serve, run, app:app", "bash, -c, 'ray start --head; serve run app:app'", "python, app.py"].map(
      (command) => ({
        name: `stays: ${command}`,
        changes: [RAY, with_(`probe: health\n    command: [${command}]`)],
        expected: [],
      }),
    ),
  ]);
});

describe("a configuration file of Ray Serve", () => {
  testRules([
    {
      name: "with an application at the root",
      changes: [RAY, config(APPLICATION).map((text) => text.replace("▸", "")) as [string, string]],
      expected: [],
    },
    {
      name: "with another port",
      changes: [RAY, config(`http_options: { port: 9000 }\n${APPLICATION}`)],
      expected: [
        `error  ${FILE}  argument-contradicts-file  the port of its http_options is 9000, and the model's port is 8000; write http_options: { port: 8000 } there, or port: 9000`,
      ],
    },
    {
      name: "without the port of the model",
      changes: [RAY, config(APPLICATION), ["    loadTime: 6m", "    port: 9000\n    loadTime: 6m"]],
      expected: [`error  ${FILE}  argument-contradicts-file`],
    },
    {
      name: "with the address of the instance alone",
      changes: [RAY, config(`http_options: { host: 127.0.0.1 }\n${APPLICATION}`)],
      expected: [
        `error  ${FILE}  server-not-reachable  with the host 127.0.0.1 in its http_options the load balancer does not reach ray-serve; write 0.0.0.0`,
      ],
    },
    {
      name: "with an application below a path, named by its folder's file in a shell",
      changes: [
        RAY,
        config(
          `applications:\n- import_path: a:b\n  route_prefix: /llm\n`,
          "bash, -c, 'cd /etc; ray start --head; serve run serve.yaml;'",
        ),
      ],
      expected: [
        `error  ${FILE}  server-paths-moved  with route_prefix /llm the paths of ray-serve begin with /llm, and the load balancer and the probe ask for them without; write route_prefix: / there, and routes: [{ prefix: /llm }]`,
      ],
    },
    {
      name: "with all paths below another",
      changes: [RAY, config(`http_options: { root_path: /x }\n${APPLICATION}`)],
      expected: [`error  ${FILE}  server-paths-moved`],
    },
    {
      name: "with an application that no request reaches",
      changes: [RAY, config("applications:\n- import_path: a:b\n  route_prefix: null\n")],
      expected: [
        `error  ${FILE}  server-paths-moved  its application has no route_prefix, so no request reaches it; write route_prefix: /`,
      ],
    },
    {
      name: "without an application",
      changes: [RAY, config("applications: []")],
      expected: [
        `warning  ${FILE}  no-application  it names no application, so ray-serve answers nothing but its health check`,
      ],
    },
    {
      name: "with a model of the hub, without a way there",
      changes: [
        RAY,
        config(`${APPLICATION}  args:\n    model_source: Qwen/Qwen3-8B\n`),
        ["cidr: 10.0.0.0/16", "cidr: 10.0.0.0/16\n        nat: none"],
        [
          "image: rayproject/ray-llm",
          "image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/rayproject/ray-llm",
        ],
      ],
      expected: [`error  ${FILE}  hub-unreachable`],
    },
    {
      name: "that is of another program, or is no YAML",
      changes: [
        RAY,
        with_(
          "probe: health\n    command: [serve, run, app:app]\n    files: { /etc/a.yaml: { text: 'http_options: { port: 1 }' }, /etc/app: { text: '{' } }",
        ),
      ],
      expected: [],
    },
  ]);
});
