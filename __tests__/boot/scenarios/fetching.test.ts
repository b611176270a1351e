import { mkdirSync, readdirSync } from "node:fs";
import { describeInstances } from "./describe-instances";
import { answers, heard, launchBehindHook } from "./launch-hook";
import { smallDisks } from "./small-disk";
import { putWeights } from "./weights-in-s3";

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

  it("fetches again what came changed, serves when all is right, and fetches nothing after a reboot", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 1);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    instance.server("loaded");
    const said = await instance.startServer();
    instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["CONTINUE"]);
    expect(said).toContain("1 files are not as its SHA256SUMS says, the first of them model.safetensors");
    expect(readsOf("llama/model.safetensors")).toHaveLength(2);
    expect(readsOf("llama/config.json")).toHaveLength(1);
    expect(instance.fake.read("models/model.safetensors")).toBe("weights");

    await instance.powerOff();
    const reads = world.aws.reads.length;
    await instance.startServer();
    expect(world.aws.reads.slice(reads)).toEqual([]);
    expect(instance.containers).toBe(2);
  });

  it("takes them from the mirror when they stay wrong where they lie", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 100);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS, mirrors: [MIRROR] } });
    const said = await instance.startServer();
    expect(said).toContain(`weights: ${MIRROR} is here`);
    expect(readsOf("llama/model.safetensors")).toHaveLength(2);
    expect(instance.fake.read("models/model.safetensors")).toBe("weights");
    expect(instance.containers).toBe(1);
  });

  it("is given up when they are wrong however often they are fetched, and serves nothing", async () => {
    world.aws.corrupted.set("llama/model.safetensors", 100);
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    const said = await instance.startServer();
    const lifecycle = instance.run("lifecycle.sh");
    expect(await answers(world)).toEqual(["ABANDON"]);
    expect(said).toContain("weights: there are no weights to be had");
    expect(instance.containers).toBe(0);
    expect(lifecycle.said()).toContain("the server could not be started: ABANDON");
  });

  it("has them though S3 says again and again that it is too much", async () => {
    world.aws.throttled = 4;
    const instance = await launchBehindHook(world, { weights: { uri: WEIGHTS } });
    const said = await instance.startServer();
    expect(world.aws.throttled).toBe(0);
    expect(said).toContain(`weights: ${WEIGHTS} is here`);
    expect(readdirSync(instance.fake.path("models")).sort()).toEqual([
      ".verified",
      "SHA256SUMS",
      "config.json",
      "model.safetensors",
    ]);
  });

  (smallDisk ? it : it.skip)(
    "is given up when its disk has no room for them, and says so (skipped where mount namespaces are forbidden)",
    async () => {
      const instance = await launchBehindHook(world, { weights: { uri: LARGE, mirrors: [WEIGHTS] } });
      const models = instance.fake.real("df").path("models");
      mkdirSync(models);
      const said = await instance.startServer(smallDisk?.(models, instance.fake.path(".")));
      const lifecycle = instance.run("lifecycle.sh");
      expect(await answers(world)).toEqual(["ABANDON"]);
      expect(said).toContain("No space left on device");
      expect(said).toMatch(
        /weights: the disk is full, \S+models has [01] MiB left: say how large the weights are/,
      );
      expect(said).not.toContain(WEIGHTS);
      expect(heard(world)).toEqual(["ABANDON"]);
      expect(lifecycle.said()).toContain("the server could not be started: ABANDON");
      expect(readdirSync(models)).toEqual([]);
    },
  );
});
