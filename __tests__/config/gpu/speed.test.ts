import fc from "fast-check";
import { gpuInstance, gpuInstanceTypes } from "../../../aws/instance-types";
import { secondsOfRequest, speedOf, type Work } from "../../../config/gpu/speed";

const QWEN_7B: Work = {
  gpus: 1,
  weightsBytes: 15.2e9,
  activeParameters: 7.6e9,
  tokenBytes: 57_344,
  promptTokens: 100,
  answerTokens: 600,
  atATime: 50,
};

test("a measured speed lies between those of the shares that are taken", () => {
  // vLLM on an A40: 50 requests at a time, 2.13 of them a second.
  const a40 = { memory: 696, compute: 149.7 };
  const perSecond = (share: number) => QWEN_7B.atATime / secondsOfRequest(QWEN_7B, a40, share);
  expect(perSecond(0.4)).toBeLessThan(2.13);
  expect(perSecond(0.7)).toBeGreaterThan(2.13);
});

test("more requests at a time take longer, and are served faster together", () => {
  const speed = { memory: 300, compute: 121 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 255 }), (atATime) => {
      const [few, many] = [atATime, atATime + 1].map((each) =>
        secondsOfRequest({ ...QWEN_7B, atATime: each }, speed, 0.5),
      ) as [number, number];
      expect(many).toBeGreaterThan(few);
      expect((atATime + 1) / many).toBeGreaterThan(atATime / few);
    }),
  );
});

test("every type with whole NVIDIA GPUs has a speed, but those that are newer than the table", () => {
  const unknown = gpuInstanceTypes
    .flatMap((type) => gpuInstance(type) ?? [])
    .filter((instance) => instance.vendor === "nvidia" && speedOf(instance) === undefined)
    .map(({ family }) => family);
  expect([...new Set(unknown)].sort()).toEqual(["g6f", "g7", "gr6f"]);
});
