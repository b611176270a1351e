import { registryLogin, registryOf } from "../../../config/plan/registry";
import { testRules } from "../../support/rule-cases";

const IMAGE = "image: vllm/vllm-openai:v0.28.0";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf";
const image = (text: string, ...fields: readonly string[]): readonly [string, string] => [
  IMAGE,
  [`image: ${text}`, ...fields].join("\n    "),
];
/** A file that says nothing of a version that its image does not show. */
const DRAINS: readonly [string, string] = [
  "capacity: { min: 3, max: 6 }",
  "capacity: { min: 3, max: 6 }\n    arguments: [--shutdown-timeout, '300']",
];
const NIM = "nvcr.io/nim/meta/llama-3.1-8b-instruct";
const asNim = (text: string, ...fields: readonly string[]): readonly [string, string] => [
  `server: vllm\n    ${IMAGE}`,
  ["server: nim", "timing: { serverKeepAlive: 75m }", `image: ${text}`, ...fields].join("\n    "),
];

test.each([
  ["vllm/vllm-openai:v0.28.0", "docker.io"],
  ["ubuntu:24.04", "docker.io"],
  ["docker.io/vllm/vllm-openai:v0.28.0", "docker.io"],
  ["index.docker.io/vllm/vllm-openai:v0.28.0", "docker.io"],
  ["ghcr.io/ggml-org/llama.cpp:server", "ghcr.io"],
  ["registry.example.com:443/a/b:1", "registry.example.com:443"],
  ["localhost/a:1", "localhost"],
  ["acme.b/c@sha256:00", "acme.b"],
])("%s is of %s", (name, registry) => {
  expect(registryOf(name)).toBe(registry);
});

test.each([
  ["the registry of the image", "ghcr.io/a/b:1", {}, "ghcr.io"],
  ["Docker Hub by its other name", "a/b:1", { server: "index.docker.io" }, "docker.io"],
  ["another registry", "ghcr.io/a/b:1", { server: "nvcr.io" }, undefined],
])("a login is for %s", (_, name, registry, server) => {
  expect(registryLogin({ image: name, registry: { user: "a", secret: SECRET, ...registry } })?.server).toBe(
    server,
  );
});

describe("an image that wants a login", () => {
  testRules([
    ...["2.0.1", "2.0.9"].map((version) => ({
      name: `NIM ${version}, without one`,
      changes: [asNim(`▸${NIM}:${version}`)],
      expected: [
        `error  models.llama.image  image-needs-login  the registry of "${NIM}:${version}" gives it only to those who sign in; write registry: { server: nvcr.io, secret: <ARN> }, or copy it to Amazon ECR and write the name of the copy`,
      ],
    })),
    ...["2.0.10", "2.1.0"].map((version) => ({
      name: `NIM ${version}, of which only some do`,
      changes: [asNim(`▸${NIM}:${version}`)],
      expected: [
        `warning  models.llama.image  image-may-need-login  the registry of "${NIM}:${version}" gives some images of NIM only to those who sign in, and this may be one; write registry: { server: nvcr.io, secret: <ARN> }, or copy it to Amazon ECR and write the name of the copy`,
      ],
    })),
    {
      name: "of Red Hat, without one",
      changes: [image("▸registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.0"), DRAINS],
      expected: [
        'error  models.llama.image  image-needs-login  the registry of "registry.redhat.io/rhaiis/vllm-cuda-rhel9:3.2.0" gives it only to those who sign in; write registry: { server: registry.redhat.io, user: <name>, secret: <ARN> }, or copy it to Amazon ECR and write the name of the copy',
      ],
    },
    {
      name: "with one, whose user is known",
      changes: [asNim(`${NIM}:2.0.1`, `registry: { secret: "${SECRET}" }`)],
      expected: [],
    },
    {
      name: "by a parameter, and for Docker Hub",
      changes: [
        image(
          "acme/private-vllm:v0.28.0",
          "registry: { server: docker.io, user: acme, secret: arn:aws:ssm:us-east-1:123456789012:parameter/chat/hub }",
        ),
        DRAINS,
      ],
      expected: [],
    },
  ]);
});

describe("an image of a registry for users alone", () => {
  testRules(
    ["registry.redhat.io:443/a/b:1.0", "dhi.io/vllm:0.28.0", "registry1.dso.mil/a/vllm:0.28.0"].map(
      (name) => ({
        name,
        changes: [image(`▸${name}`), DRAINS],
        expected: [
          `error  models.llama.image  image-needs-login  the registry of "${name}" gives it only to those who sign in; write registry: { server: ${name.split("/")[0]}, user: <name>, secret: <ARN> }, or copy it to Amazon ECR and write the name of the copy`,
        ],
      }),
    ),
  );
});

describe("a login", () => {
  testRules([
    {
      name: "with a user that its registry does not have",
      changes: [asNim(`${NIM}:2.0.1`, `registry: { user: ▸bob, secret: ${SECRET} }`)],
      expected: [
        "error  models.llama.registry.user  registry-without-user  nvcr.io takes no other user than $oauthtoken, and an API key as its password; leave user out",
      ],
    },
    {
      name: "without a user, where none is known",
      changes: [image("ghcr.io/acme/vllm:v0.28.0", `registry: ▸{ secret: "${SECRET}" }`), DRAINS],
      expected: [
        "error  models.llama.registry  registry-without-user  ghcr.io asks for a name beside the password; write registry: { server: ghcr.io, user: <name>, secret: <ARN> }",
      ],
    },
    {
      name: "to Amazon ECR",
      changes: [
        image(
          "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0",
          `registry: ▸{ user: AWS, secret: "${SECRET}" }`,
        ),
        DRAINS,
      ],
      expected: [
        'error  models.llama.registry  registry-login-to-ecr  "123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0" is in Amazon ECR, where instances sign in by their role; remove registry, or write the server that it is for',
      ],
    },
    {
      name: "for another registry than any image's",
      changes: [image("vllm/vllm-openai:v0.28.0", `registry: { server: ▸nvcr.io, secret: "${SECRET}" }`)],
      expected: [
        'warning  models.llama.registry.server  registry-of-no-image  no image comes from nvcr.io: "vllm/vllm-openai:v0.28.0" is of docker.io; correct server, or remove registry',
      ],
    },
    {
      name: "for the image of one variant, beside one in Amazon ECR",
      changes: [
        image(
          "ghcr.io/acme/vllm:v0.28.0",
          `registry: { server: ghcr.io, user: acme, secret: "${SECRET}" }`,
          "variants:",
          "  copy: { weight: 1, image: 123456789012.dkr.ecr.us-east-1.amazonaws.com/vllm:v0.28.0 }",
          "  main: { weight: 1 }",
        ),
        DRAINS,
      ],
      expected: [],
    },
    {
      name: "whose secret is in another region, or not named in full",
      changes: [
        image(
          "ghcr.io/acme/vllm:v0.28.0",
          "registry: { user: acme, secret: ▸▸arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry }",
        ),
        DRAINS,
      ],
      expected: [
        "error  models.llama.registry.secret  in-another-region",
        "error  models.llama.registry.secret  incomplete-secret-arn",
      ],
    },
    ...["https://ghcr.io", "ghcr", "ghcr.io/acme", "GHCR.io"].map((server) => ({
      name: `for ${server}, which is no host`,
      changes: [
        image(
          "ghcr.io/acme/vllm:v0.28.0",
          `registry: { server: ▸"${server}", user: a, secret: "${SECRET}" }`,
        ),
        DRAINS,
      ],
      expected: ["error  models.llama.registry.server  wrong-format"],
    })),
  ]);
});

describe("Docker Hub", () => {
  const sizes = (max: number): readonly [string, string] => [
    "capacity: { min: 3, max: 6 }",
    `capacity: { min: 60, max: ${max} }`,
  ];
  const limit = (most: number) =>
    `warning  models.llama.image  docker-hub-limit  up to ${most} instances of us-east-1 pull from Docker Hub by one address, which gets 100 pulls in 6h without a login, so a rollout of all would stop; copy the image to Amazon ECR, or write registry: { server: docker.io, user: <name>, secret: <ARN> } with a paid account`;
  testRules([
    { name: "gives as many as 100 instances of a zone their image", changes: [sizes(300)], expected: [] },
    {
      name: "does not give more instances of a zone their image",
      changes: [sizes(301), image("▸vllm/vllm-openai:v0.28.0")],
      expected: [limit(101)],
    },
    {
      name: "knows those who sign in",
      changes: [
        sizes(301),
        image("vllm/vllm-openai:v0.28.0", `registry: { user: acme, secret: "${SECRET}" }`),
      ],
      expected: [],
    },
    {
      name: "is not asked for images of other registries",
      changes: [sizes(301), image("ghcr.io/acme/vllm-openai:v0.28.0")],
      expected: [],
    },
  ]);
});
