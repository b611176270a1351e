import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Asked, mirror } from "../../../scripts/mirror/run";
import { canEmulateAws } from "../../boot/tools";
import { type Buckets, startBuckets } from "../../support/buckets";
import { type StandInHub, sha256, startHub } from "../../support/hub";
import { loadYaml } from "../../support/serving-file";
import { BIG, FILES, ID, NEEDED, NEW, OLD, PART, SUMS, YAML } from "./model";

const describeWithAws = canEmulateAws() ? describe : describe.skip;

describeWithAws("a model is copied from the hub to S3", () => {
  let hub: StandInHub;
  let buckets: Buckets;
  let s3: S3Client;
  const before = { ...process.env };
  let place = 0;
  let to = "";

  beforeAll(async () => {
    hub = await startHub();
    buckets = await startBuckets({ weights: "eu-west-1" });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: buckets.endpoint,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "us-east-1",
    });
    s3 = new S3Client({ region: "eu-west-1" });
    await s3.send(
      new CreateBucketCommand({
        Bucket: "weights",
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      }),
    );
  });
  afterAll(async () => {
    process.env = before;
    s3.destroy();
    await hub.stop();
    await buckets.stop();
  });
  beforeEach(() => {
    place += 1;
    to = `s3://weights/${place}/`;
    Object.assign(hub, {
      throttled: 0,
      cut: 0,
      uses: Number.POSITIVE_INFINITY,
      corrupted: undefined,
      afterListing: () => {},
    });
    hub.models[ID] = { commits: { [OLD]: FILES } };
    hub.sent.length = 0;
    Object.assign(buckets, { throttled: 0, taken: Number.POSITIVE_INFINITY });
    buckets.writes.length = 0;
  });
  afterEach(() => expect(hub.refused).toEqual([]));

  interface Run {
    readonly lines: readonly string[];
    readonly waits: readonly number[];
    readonly progress: readonly string[];
    /** The file as it was written; undefined: it was not. */
    readonly written: string | undefined;
    readonly error: string | undefined;
  }

  async function run(asked: Partial<Asked> = {}, text = YAML, token?: string): Promise<Run> {
    const loaded = loadYaml(text);
    if (!loaded.ok) {
      throw new Error(loaded.diagnostics[0]?.message);
    }
    const [lines, waits, progress]: [string[], number[], string[]] = [[], [], []];
    let written: string | undefined;
    let ticks = 0;
    const error = await mirror(
      { file: "serving.yaml", text, loaded },
      { model: "llama", to, ...asked },
      {
        hub: { endpoint: hub.endpoint, token, pause: async (ms) => waits.push(ms) },
        show: (line) => lines.push(line),
        progress: (line) => progress.push(line),
        clock: () => ticks++,
        write: (edited) => {
          written = edited;
        },
        partBytes: PART,
      },
    ).then(
      () => undefined,
      (failure: Error) => failure.message,
    );
    return { lines, waits, progress, written, error };
  }

  const stored = async (path: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "weights", Key: `${place}/${path}` }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const isStored = (path: string) =>
    s3.send(new HeadObjectCommand({ Bucket: "weights", Key: `${place}/${path}` })).then(
      () => true,
      () => false,
    );
  const writesOf = (path: string) =>
    buckets.writes.filter((write) => write.includes(`/weights/${place}/${path}`));

  test("with what the server needs, checked, with a SHA256SUMS, into a bucket of another region", async () => {
    const { error, lines, written } = await run();
    expect(error).toBeUndefined();
    for (const path of NEEDED) {
      expect((await stored(path)).equals(FILES[path])).toBe(true);
    }
    expect((await stored("SHA256SUMS")).toString()).toBe(SUMS);
    expect(await isStored("pytorch_model.bin")).toBe(false);
    expect(lines[0]).toBe(`${ID} at ${OLD}: 5 of 7 files, 0.0 GB, to ${to} in eu-west-1`);
    expect(written).toBe(
      YAML.replace("revision: main\n", `revision: "${OLD}"\n`).replace(
        "    server: vllm\n",
        `    weights: {uri: ${to}, size: 11MiB, sha256: ${sha256(SUMS)}}\n    server: vllm\n`,
      ),
    );
    expect(loadYaml(written ?? "")).toMatchObject({ ok: true, warnings: [] });
  });

  test("what an anchor of the file ties to another model is not changed", async () => {
    const tied = `${YAML.replace("  llama:\n", "  llama: &shared\n")}  other: *shared\n`;
    const { error, written } = await run({}, tied);
    expect(error).toContain("by an anchor, an alias or a merge key: write the value out in each place first");
    expect(written).toBeUndefined();
  });

  test("a second time nothing is sent", async () => {
    const { written = "" } = await run();
    hub.sent.length = 0;
    buckets.writes.length = 0;
    const again = await run({ to: undefined }, written);
    expect(again.error).toBeUndefined();
    expect(hub.sent).toEqual([]);
    expect(buckets.writes).toEqual([`PUT /weights/${place}/SHA256SUMS`]);
    expect(again.lines.at(-1)).toBe("serving.yaml has it already.");
  });

  test("broken off and begun again, whole files and parts stay", async () => {
    // Two small files, the upload, and one of its three parts.
    buckets.taken = 4;
    const broken = await run();
    expect(broken.error).toBe(
      "S3 answers AccessDenied: Access Denied; what is copied stays, and the same command goes on with it",
    );
    expect(broken.written).toBeUndefined();
    expect(await isStored(BIG)).toBe(false);
    expect(await isStored("SHA256SUMS")).toBe(false);
    const before = [...buckets.writes];
    buckets.taken = Number.POSITIVE_INFINITY;
    const { error, written } = await run();
    expect(error).toBeUndefined();
    expect(written).toContain(sha256(SUMS));
    expect((await stored(BIG)).equals(FILES[BIG])).toBe(true);
    expect(writesOf(`${BIG}?uploads`)).toHaveLength(1);
    const twice = buckets.writes.filter((write, index) => buckets.writes.indexOf(write) !== index);
    expect(before).toHaveLength(4);
    expect(twice).toEqual([]);
  });

  test("throttled by both, it waits as it is told", async () => {
    hub.throttled = 2;
    buckets.throttled = 2;
    const { error, waits } = await run();
    expect(error).toBeUndefined();
    expect(waits).toEqual([7000, 7000]);
    expect((await stored("SHA256SUMS")).toString()).toBe(SUMS);
  });

  test("parts that are cut off, and addresses that have expired, are asked for again", async () => {
    hub.cut = 1;
    hub.uses = 1;
    const { error, waits } = await run();
    expect(error).toBeUndefined();
    expect(waits).toEqual([1000]);
    expect((await stored(BIG)).equals(FILES[BIG])).toBe(true);
  });

  test.each<[string, readonly string[], string | undefined, RegExp | undefined]>([
    ["nobody", ["hf_yes"], undefined, /chat-8b is not there, or it is gated or private: set HF_TOKEN/],
    [
      "a stranger",
      ["hf_yes"],
      "hf_no",
      /chat-8b is gated, and the account of HF_TOKEN has no access: ask for it/,
    ],
    ["who may", ["hf_yes"], "hf_yes", undefined],
  ])("a gated model is told to %s", async (_who, allowed, token, said) => {
    hub.models[ID] = { commits: { [OLD]: FILES }, gated: { allowed } };
    const { error, written } = await run({}, YAML, token);
    expect(error ?? "").toMatch(said ?? /^$/);
    expect(written !== undefined).toBe(said === undefined);
    expect(await isStored("SHA256SUMS")).toBe(said === undefined);
  });

  test.each(["config.json", BIG, NEEDED[3]])(
    "%s that arrives with another hash is not kept",
    async (path) => {
      hub.corrupted = path;
      const { error, written } = await run();
      expect(error).toContain(`${path} has arrived with the hash `);
      expect(written).toBeUndefined();
      expect(await isStored(path)).toBe(false);
      expect(await isStored("SHA256SUMS")).toBe(false);
      hub.corrupted = undefined;
      expect((await run()).error).toBeUndefined();
    },
  );

  test("a branch that moves meanwhile changes nothing", async () => {
    hub.afterListing = () => {
      hub.models[ID] = { commits: { [OLD]: FILES, [NEW]: { "config.json": Buffer.from("new") } } };
    };
    const { error, written } = await run();
    expect(error).toBeUndefined();
    expect(written).toContain(`revision: "${OLD}"`);
    expect((await stored("config.json")).equals(FILES["config.json"])).toBe(true);
  });

  test("a branch that has moved since is not mixed with what it was", async () => {
    hub.corrupted = BIG;
    await run();
    hub.corrupted = undefined;
    const moved = { ...FILES, "config.json": Buffer.from('{"architectures":["LlamaForCausalLM"]} ') };
    hub.models[ID] = { commits: { [OLD]: FILES, [NEW]: moved } };
    expect((await run()).error).toBe(
      `${to}config.json is of revision ${OLD}, and ${ID} at ${NEW} is wanted: finish that copy with --revision ${OLD}, or nothing is overwritten, as instances may run on what is there: name another place, such as --to ${to}22222222/`,
    );
    expect((await run({ revision: OLD })).error).toBeUndefined();
    expect((await run({ to: `${to}22222222/` })).error).toBeUndefined();
  });

  test("the same file from another tool stays, and another of its size is not taken for it", async () => {
    const put = (path: keyof typeof FILES, Body: Buffer) =>
      s3.send(new PutObjectCommand({ Bucket: "weights", Key: `${place}/${path}`, Body }));
    await put("config.json", FILES["config.json"]);
    await put(BIG, FILES[BIG]);
    expect((await run()).error).toBeUndefined();
    expect(writesOf(BIG)).toHaveLength(1);
    place += 1;
    to = `s3://weights/${place}/`;
    await put(BIG, Buffer.alloc(FILES[BIG].length));
    expect((await run()).error).toContain("is there, and is another file");
  });

  test("a folder with other files is not used", async () => {
    await run();
    hub.models[ID] = { commits: { [OLD]: FILES, [NEW]: { ...FILES, "merges.txt": Buffer.from("a b") } } };
    expect((await run()).error).toContain(
      `${to} is complete with other files: its SHA256SUMS lacks merges.txt`,
    );
    expect((await run({ include: ["config.json"] })).error).toContain(
      `${to} holds files that are not of ${ID}`,
    );
  });

  test("many small files", async () => {
    const names = Array.from({ length: 250 }, (_, index) => `experts/${index}.safetensors`);
    hub.models[ID] = {
      commits: { [OLD]: Object.fromEntries(names.map((name) => [name, Buffer.from(name)])) },
    };
    const { error, progress } = await run();
    expect(error).toBeUndefined();
    const sums = (await stored("SHA256SUMS")).toString();
    expect(sums.match(/\n/g)).toHaveLength(250);
    expect(sums).toContain(`${sha256("experts/7.safetensors")}  experts/7.safetensors\n`);
    expect(progress.at(-1)).toMatch(/^0\.0 of 0\.0 GB, 100 %/);
  });

  test.each([
    ["a place that instances would not read", YAML, "s3://weights/a+b/", "weights-key-refused"],
    [
      "weights beside a model in the arguments",
      YAML.replace(/ {4}model: .*\n.*\n/, `    arguments: [--model, ${ID}]\n`),
      "s3://weights/x/",
      "weights-unused",
    ],
  ])("nothing is copied where the file would then be wrong: %s", async (_what, text, place, code) => {
    const { error, written } = await run({ to: place }, text);
    expect(error).toMatch(new RegExp(`^nothing is copied: .*  \\[${code}\\]$`));
    expect(written).toBeUndefined();
    expect(buckets.writes).toEqual([]);
  });

  test("what is not there is said", async () => {
    expect((await run({ model: "lama" })).error).toBe("there is no model lama; write one of llama");
    expect((await run({ to: "s3://nowhere/x/" })).error).toContain("there is no bucket nowhere");
    expect((await run({ revision: "v9" })).error).toContain("has no revision v9");
    delete hub.models[ID];
    expect((await run({}, YAML, "hf_yes")).error).toContain(`${ID} is not there`);
    expect((await run({ to: undefined })).error).toContain("--to s3://chat-weights/llama/");
  });

  test("a folder of this machine, by its own SHA256SUMS", async () => {
    const folder = mkdtempSync(join(tmpdir(), "weights-"));
    for (const path of NEEDED) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), FILES[path]);
    }
    mkdirSync(join(folder, ".cache"));
    writeFileSync(join(folder, ".cache", "x.json"), "{}");
    writeFileSync(join(folder, "SHA256SUMS"), SUMS.replace(/^\w{64}(?= {2}config)/m, "0".repeat(64)));
    expect((await run({ from: folder })).error).toContain("config.json has arrived with the hash");
    writeFileSync(join(folder, "SHA256SUMS"), SUMS);
    const { error, written } = await run({ from: folder });
    expect(error).toBeUndefined();
    expect((await stored("SHA256SUMS")).toString()).toBe(SUMS);
    expect(written).toContain("revision: main\n");
  });
});
