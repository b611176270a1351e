import { parseImage } from "../../../scripts/mirror/image/reference";
import type { AskedImage } from "../../../scripts/mirror/image/run";
import { mirrorImage } from "../../../scripts/mirror/image/run";
import { PART_BYTES, type StandInEcr, startEcr } from "../../support/ecr";
import {
  digestOf,
  type RegistryContent,
  type StandInRegistry,
  startRegistry,
} from "../../support/image-registry";
import { loadYaml, VALID_YAML } from "../../support/serving-file";

const OCI = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** An image of two platforms with these layers. */
function content(
  layers: readonly Buffer[],
  platforms: readonly string[] = ["amd64", "arm64"],
): RegistryContent {
  const parts: RegistryContent = { tags: {}, manifests: {}, blobs: {} };
  const add = (bytes: Buffer) => {
    parts.blobs[digestOf(bytes)] = bytes;
    return { digest: digestOf(bytes), size: bytes.length };
  };
  const manifests = platforms.map((architecture) => {
    const config = add(Buffer.from(JSON.stringify({ architecture, os: "linux" })));
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: OCI, config, layers: layers.map(add) }),
    );
    parts.manifests[digestOf(bytes)] = { mediaType: OCI, bytes };
    return { digest: digestOf(bytes), platform: { os: "linux", architecture } };
  });
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  parts.manifests[digestOf(index)] = { mediaType: INDEX, bytes: index };
  parts.tags["v0.28.0"] = digestOf(index);
  return parts;
}

const layer = (length: number, first: number) =>
  Buffer.alloc(length, Buffer.from([first, 1, 2, 3, 5, 7, 11]));
/** In one part, in several, and in whole parts. */
const LAYERS = [layer(10, 0), layer(4 * PART_BYTES + 1, 20), layer(2 * PART_BYTES, 40)];
const IMAGE = content(LAYERS);
const [AMD64 = "", ARM64 = ""] = Object.keys(IMAGE.manifests);
const REPOSITORY = "us-east-1/chat/vllm/vllm-openai";
const COPY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/chat/vllm/vllm-openai:v0.28.0";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:hub-AbCdEf";
const withLogin = (registry: string) =>
  VALID_YAML.replace("    weights:", `    registry: ${registry}\n    weights:`);

let registry: StandInRegistry;
let ecr: StandInEcr;
const before = { ...process.env };
beforeAll(async () => {
  registry = await startRegistry();
  ecr = await startEcr();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: ecr.endpoint,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "us-east-1",
  });
});
afterAll(async () => {
  process.env = before;
  await registry.stop();
  await ecr.stop();
});
beforeEach(() => {
  Object.assign(registry, { throttled: 0, cut: 0, uses: Number.POSITIVE_INFINITY, corrupted: undefined });
  registry.repositories["vllm/vllm-openai"] = IMAGE;
  delete registry.logins["vllm/vllm-openai"];
  registry.sent.length = 0;
  ecr.taken = Number.POSITIVE_INFINITY;
  ecr.parts.length = 0;
  for (const region of ["us-east-1", "eu-west-1"]) {
    ecr.repositories[`${region}/chat/vllm/vllm-openai`] = { blobs: new Map(), images: new Map() };
  }
});
afterEach(() => expect(registry.refused).toEqual([]));

async function run(
  asked: Partial<AskedImage> = {},
  text = VALID_YAML,
  login: { user?: string; password?: string } = {},
) {
  const loaded = loadYaml(text);
  if (!loaded.ok) {
    throw new Error(loaded.diagnostics[0]?.message);
  }
  const [lines, waits, progress]: [string[], number[], string[]] = [[], [], []];
  let written: string | undefined;
  const error = await mirrorImage(
    { file: "serving.yaml", text, loaded },
    { model: "llama", ...asked },
    {
      ...{ user: login.user, password: login.password, endpoint: registry.endpoint },
      pause: async (ms) => waits.push(ms),
      show: (line) => lines.push(line),
      progress: (line) => progress.push(line),
      clock: () => 0,
      write: (edited) => {
        written = edited;
      },
    },
  ).then(
    () => undefined,
    (failure: Error) => failure.message,
  );
  return { lines, waits, progress, written, error };
}

const stored = (repository = REPOSITORY) => ecr.repositories[repository];

test("an image is copied for the platform of its instances, and the file names the copy by tag and digest", async () => {
  const { error, written, lines, progress } = await run();
  expect(error).toBeUndefined();
  expect(written).toBe(VALID_YAML.replace("vllm/vllm-openai:v0.28.0", `${COPY}@${AMD64}`));
  expect([...(stored()?.images ?? [])]).toEqual([
    [
      AMD64,
      { manifest: IMAGE.manifests[AMD64]?.bytes.toString(), mediaType: OCI, tags: new Set(["v0.28.0"]) },
    ],
  ]);
  for (const bytes of LAYERS) {
    expect(stored()?.blobs.get(digestOf(bytes))?.equals(bytes)).toBe(true);
  }
  expect(lines).toEqual([
    `vllm/vllm-openai:v0.28.0 for linux/amd64: 4 blobs, 0.0 GB, to ${COPY.replace(/:v.*/, "")}`,
    `It is there as ${COPY}@${AMD64}.`,
    "serving.yaml is changed. Look at it, and deploy it.",
  ]);
  expect(progress.at(-1)).toContain("100 %");
});

describe("one image for instances of both architectures", () => {
  const both = VALID_YAML.replace(
    "    instanceTypes: [g6.2xlarge, g5.2xlarge]\n",
    "    instanceTypes: [g6.2xlarge]\n    variants:\n      x86: { weight: 50 }\n      arm: { weight: 50, instanceTypes: [g5g.2xlarge] }\n",
  );

  test("is copied for those that are meant, and written for them alone", async () => {
    const { written = "" } = await run({ variant: "arm" }, both);
    expect(written).toContain(`arm: { image: ${COPY}@${ARM64},`);
    expect(written).toContain("    image: vllm/vllm-openai:v0.28.0\n");
  });

  test("is not copied without a word which", async () => {
    expect((await run({}, both)).error).toContain(
      "or are for instances of several architectures; add --variant",
    );
  });
});

test("for instances of arm64 its image of arm64 is copied", async () => {
  const text = VALID_YAML.replace("[g6.2xlarge, g5.2xlarge]", "[g5g.2xlarge]");
  expect((await run({}, text)).written).toContain(`${COPY}@${ARM64}`);
});

test.each([
  [
    "has no image for the architecture",
    content(LAYERS, ["arm64"]),
    "the image is not made for linux/amd64; it has linux/arm64",
  ],
  [
    "has no such tag",
    { ...IMAGE, tags: {} },
    /^docker\.io has no vllm\/vllm-openai for those who do not sign in/,
  ],
])("nothing is copied where the registry %s", async (_, image, expected) => {
  registry.repositories["vllm/vllm-openai"] = image;
  const { error, written } = await run();
  expect(error).toMatch(expected);
  expect(written).toBeUndefined();
  expect(ecr.parts).toEqual([]);
});

test("an image without an index is copied, if it is made for the instances", async () => {
  const single = (digest: string) => ({ ...IMAGE, tags: { "v0.28.0": digest } });
  registry.repositories["vllm/vllm-openai"] = single(AMD64);
  expect((await run()).written).toContain(AMD64);
  registry.repositories["vllm/vllm-openai"] = single(ARM64);
  expect((await run()).error).toBe("v0.28.0 is made for arm64, and its instances are amd64");
});

test("an image by its digest is that of its digest", async () => {
  const index = IMAGE.tags["v0.28.0"] ?? "";
  const text = VALID_YAML.replace(":v0.28.0", `:v0.28.0@${index}`);
  registry.repositories["vllm/vllm-openai"] = { ...IMAGE, tags: {} };
  expect((await run({}, text)).written).toContain(`${COPY}@${AMD64}`);
  registry.corrupted = index;
  expect((await run({}, text)).error).toContain(`docker.io sent other bytes for vllm/vllm-openai@${index}`);
});

test("a token that has expired is asked for anew, throttled requests are repeated, and broken ones too", async () => {
  registry.uses = 2;
  registry.throttled = 3;
  registry.cut = 2;
  const { error, waits } = await run();
  expect(error).toBeUndefined();
  expect(waits.filter((ms) => ms === 7000)).toHaveLength(3);
  expect(stored()?.images.has(AMD64)).toBe(true);
});

test("a layer that comes otherwise is not kept, and the file stays", async () => {
  registry.corrupted = digestOf(LAYERS[1] as Buffer);
  const { error, written } = await run();
  expect(error).toContain(`and is to be ${registry.corrupted}; it is not kept`);
  expect(written).toBeUndefined();
  expect(stored()?.blobs.has(registry.corrupted)).toBe(false);
  expect(stored()?.images.size).toBe(0);
});

test("broken off, it goes on: what is there is neither read nor sent again", async () => {
  ecr.taken = 5;
  const first = await run();
  expect(first.error).toBe(
    "Amazon ECR answers AccessDeniedException: AccessDeniedException; what is copied stays, and the same command goes on with it",
  );
  expect(first.written).toBeUndefined();
  const kept = [...(stored()?.blobs.keys() ?? [])];
  expect(kept.length).toBeGreaterThan(0);
  ecr.taken = Number.POSITIVE_INFINITY;
  registry.sent.length = 0;
  const second = await run();
  expect(second.error).toBeUndefined();
  expect(registry.sent.filter((range) => kept.some((digest) => range.startsWith(digest)))).toEqual([]);
  registry.sent.length = 0;
  expect((await run()).written).toContain(AMD64);
  expect(registry.sent).toEqual([]);
});

describe("a registry that wants a login", () => {
  beforeEach(() => {
    registry.logins["vllm/vllm-openai"] = "acme:right";
  });

  test("gets the user of the file and the password of the environment, and then the file needs no login", async () => {
    const text = withLogin(`{ server: docker.io, user: acme, secret: "${SECRET}" }`);
    const { error, written } = await run({}, text, { password: "right" });
    expect(error).toBeUndefined();
    expect(written).toBe(VALID_YAML.replace("vllm/vllm-openai:v0.28.0", `${COPY}@${AMD64}`));
  });

  test.each([
    [{}, /^docker\.io has no vllm\/vllm-openai for those who do not sign in: set REGISTRY_PASSWORD/],
    [{ user: "acme", password: "wrong" }, /^docker\.io does not give vllm\/vllm-openai to the user acme/],
  ])("says what to set: %j", async (login, expected) => {
    expect((await run({}, VALID_YAML, login)).error).toMatch(expected);
  });
});

test("each region has a copy of its own", async () => {
  const text = VALID_YAML.replace(
    "models:\n  llama:",
    "  eu-west-1:\n    network:\n      create:\n        cidr: 10.1.0.0/16\nmodels:\n  llama:",
  ).replace("[g6.2xlarge, g5.2xlarge]", "[g5.2xlarge]");
  const { error, written } = await run({}, text);
  expect(error).toBeUndefined();
  expect(stored("eu-west-1/chat/vllm/vllm-openai")?.images.has(AMD64)).toBe(true);
  const loaded = loadYaml(written ?? "");
  expect(
    loaded.ok && loaded.deployment.regions.map(({ models: [model] }) => model?.variants[0]?.settings.image),
  ).toEqual([`${COPY.replace("us-east-1", "eu-west-1")}@${AMD64}`, `${COPY}@${AMD64}`]);
});

test("a repository that is not there is named, with the command that makes it", async () => {
  expect((await run({ to: "other/vllm" })).error).toBe(
    "there is no repository other/vllm in us-east-1: aws ecr create-repository --region us-east-1 --repository-name other/vllm, or name another one with --to",
  );
});

test.each([
  [{ model: "lama" }, VALID_YAML, /llama/],
  [{}, VALID_YAML.replace("vllm/vllm-openai:v0.28.0", `${COPY}@${AMD64}`), /^there is nothing to copy/],
  [
    {},
    VALID_YAML.replace("image: vllm/vllm-openai:v0.28.0", "run: docker run vllm/vllm-openai:v0.28.0"),
    /run line/,
  ],
])("what cannot be meant is said: %j", async (asked, text, expected) => {
  expect((await run(asked, text)).error).toMatch(expected);
});

test.each([
  ["ubuntu:24.04", "https://registry-1.docker.io", "library/ubuntu", "24.04"],
  ["vllm/vllm-openai:v1", "https://registry-1.docker.io", "vllm/vllm-openai", "v1"],
  ["docker.io/acme/a:1", "https://registry-1.docker.io", "acme/a", "1"],
  ["nvcr.io/nim/meta/llama:2.0.1", "https://nvcr.io", "nim/meta/llama", "2.0.1"],
  [`registry.example.com:443/a@sha256:${"0".repeat(64)}`, "https://registry.example.com:443", "a", undefined],
])("%s is asked for at %s as %s", (image, endpoint, repository, tag) => {
  expect(parseImage(image)).toMatchObject({ endpoint, repository, tag });
});
