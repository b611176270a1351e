import { mkdirSync, readdirSync } from "node:fs";
import { putWeights } from "../../../local/instances/weights";
import { describeInstances } from "./describe-instances";
import { acceptedCalls, answers, launchBehindHook } from "./launch-hook";
import { smallDisks } from "./small-disk";

jest.setTimeout(900_000);

const WEIGHTS = "s3://weights/llama/";
const MIRROR = "s3://mirror/llama-2/";
const LARGE = "s3://weights/large/";
const FILES = { "config.json": "{}", "model.safetensors": "weights" };

const smallDisk = smallDisks();

describeInstances("an instance that fetches its weights", (world) => {
  beforeAll(async () => {
    await putWeights(world.aws, WEIGHTS, FILES);
    await putWeights(world.aws, MIRROR, FILES);
    await putWeights(world.aws, LARGE, { "model.safetensors": "x".repeat(1_000_000) });
  });

  const readsOf = (key: string) => world.aws.reads.filter((read) => read === key);

  it("fetches a corrupted file again, serves when all match, and fetches nothing after a reboot", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 1);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    instance.server("loaded");
    const log = await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(log).toContain("1 files do not match its SHA256SUMS, the first is model.safetensors");
    expect(readsOf("llama/model.safetensors")).toHaveLength(2);
    expect(readsOf("llama/config.json")).toHaveLength(1);
    expect(instance.fake.read("models/model.safetensors")).toBe("weights");

    await instance.powerOff();
    const reads = world.aws.reads.length;
    await instance.startServer();
    expect(world.aws.reads.slice(reads)).toEqual([]);
    expect(instance.containers).toBe(2);
  });

  it("fetches them from the mirror when they stay wrong at the first source", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 100);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS, mirrors: [MIRROR] } });
    const log = await instance.startServer();
    expect(log).toContain(`weights: ${MIRROR} is here`);
    expect(readsOf("llama/model.safetensors")).toHaveLength(2);
    expect(instance.fake.read("models/model.safetensors")).toBe("weights");
    expect(instance.containers).toBe(1);
  });

  it("is abandoned when they are wrong every time, and serves nothing", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 100);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    const log = await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(log).toContain("weights: models could not be copied from any source");
    expect(instance.containers).toBe(0);
    expect(lifecycle.log()).toContain("the server could not be started: ABANDON");
  });

  it("fetches them although S3 answers SlowDown many times", async () => {
    world.aws.throttled = 4;
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    const log = await instance.startServer();
    expect(world.aws.throttled).toBe(0);
    expect(log).toContain(`weights: ${WEIGHTS} is here`);
    expect(readdirSync(instance.fake.path("models")).sort()).toEqual([
      ".verified",
      "SHA256SUMS",
      "config.json",
      "model.safetensors",
    ]);
  });

  (smallDisk ? it : it.skip)(
    "is abandoned when its disk is too small for them, and logs so (skipped where mount namespaces are forbidden)",
    async () => {
      const instance = await launchBehindHook(world, { weights: { uri: LARGE, mirrors: [WEIGHTS] } });
      const models = instance.fake.real("df").path("models");
      mkdirSync(models);
      const log = await instance.startServer(smallDisk?.(models, instance.fake.path(".")));
      const lifecycle = instance.run("lifecycle.sh");
      expect(await answers(world)).toEqual(["ABANDON"]);
      expect(log).toContain("No space left on device");
      expect(log).toMatch(
        /weights: the disk is full, \S+models has [01] MiB left: set the size of the weights/,
      );
      expect(log).not.toContain(WEIGHTS);
      expect(acceptedCalls(world)).toEqual(["ABANDON"]);
      expect(lifecycle.log()).toContain("the server could not be started: ABANDON");
      expect(readdirSync(models)).toEqual([]);
    },
  );
});
