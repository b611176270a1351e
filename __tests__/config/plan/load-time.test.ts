import { loadTimeOf } from "../../../config/plan/load-time";
import { valid, validFile, validModel, type WrittenFile } from "../../support/serving-file";

/** The load time of the model of a file, with these settings. */
function loadTimeWith(model: Partial<WrittenFile["models"][string]>) {
  const { loadTime: _, ...others } = validModel();
  const { file } = valid({ ...validFile(), models: { llama: { ...others, ...model } } });
  const [name = "", read] = Object.entries(file.models)[0] ?? [];
  if (read === undefined) {
    throw new Error("there is no model");
  }
  return loadTimeOf(file, "us-east-1", name, read);
}

const weights = (size: string) => ({ uri: "s3://example-weights/llama/", size });
const STORE = { instanceTypes: ["g6.2xlarge"] };

test("a load time that is left out is the most of each part, rounded up", () => {
  // 16.1 GB of weights, which come from the network and then from the instance store.
  const { value, likely, by } = loadTimeWith({ ...STORE, weights: weights("15GiB") });
  expect(by).toBe("estimate");
  expect(value.inputs).toMatchObject({
    system: 130,
    image: 440,
    weights: Math.round(16.106 * 7.3),
    server: 300,
  });
  expect(value.value).toBe(990);
  expect(likely).toBe(390);
  expect(value.insteadOf).toBeUndefined();
});

test("a load time that is written stands, with what it would be", () => {
  const { value, by } = loadTimeWith({ ...STORE, weights: weights("15GiB"), loadTime: "6m" });
  expect([by, value.value, value.insteadOf]).toEqual(["written", 360, 990]);
});

test("a slow volume counts where weights lie on it", () => {
  const slow = { ...STORE, volume: { throughput: 125 }, weights: weights("15GiB") };
  const inputs = (warmPool?: { state: "Stopped" }) => loadTimeWith({ ...slow, warmPool }).value.inputs;
  expect(inputs().weights).toBe(Math.round(16.106 * 7.3));
  expect(inputs({ state: "Stopped" }).weights).toBe(Math.round(16.106 * 2 * (1000 / 131.072)));
});

test("the slowest variant counts, and the image of one without GPUs is small", () => {
  const variants = { stable: { weight: 95 }, large: { weight: 5, weights: weights("17GiB") } };
  expect(loadTimeWith({ ...STORE, weights: weights("5GiB"), variants }).value).toEqual(
    loadTimeWith({ ...STORE, weights: weights("17GiB") }).value,
  );
  const tei = loadTimeWith({
    server: "tei",
    image: "ghcr.io/huggingface/text-embeddings-inference:cpu-1.9",
    instanceTypes: ["c7i.4xlarge"],
    weights: weights("2GiB"),
  });
  expect(tei.value.inputs.image).toBe(88);
});

test("the size of the weights may follow from the model", () => {
  const { uri } = weights("");
  expect(
    loadTimeWith({ ...STORE, weights: { uri }, memory: { parameters: "8B" } }).value.inputs.weights,
  ).toBeGreaterThan(100);
});
