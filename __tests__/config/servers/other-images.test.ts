import { otherImage } from "../../../config/servers/other-images";
import type { ServerName } from "../../../config/servers/presets";
import { SERVER_IMAGES } from "../../support/server-images";

const AWS = "763104351884.dkr.ecr.us-east-1.amazonaws.com";

describe("an image that does not serve as its server's preset says", () => {
  test.each<[ServerName, string, RegExp]>([
    ["vllm", `${AWS}/djl-inference:0.33.0-lmi15.0.0-cu128`, /DJL Serving/],
    ["vllm", "deepjavalibrary/djl-serving:0.33.0-lmi", /DJL Serving/],
    ["vllm", `${AWS}/vllm:server-sagemaker-cuda-v1`, /SM_VLLM_MODEL/],
    [
      "vllm",
      "public.ecr.aws/deep-learning-containers/vllm:0.18-gpu-py312-cu129-ubuntu22.04-sagemaker",
      /8080/,
    ],
    ["vllm", `${AWS}/huggingface-vllm:0.18.0-gpu-py312-cu129-ubuntu22.04`, /8080/],
    ["sglang", `${AWS}/sglang:0.5.5-gpu-py312-cu129-ubuntu22.04-sagemaker`, /8080/],
    [
      "tgi",
      `${AWS}/huggingface-pytorch-tgi-inference:2.6.0-tgi3.2.3-gpu-py311-cu124-ubuntu22.04`,
      /HF_MODEL_ID/,
    ],
    [
      "tei",
      "683313688378.dkr.ecr.us-east-1.amazonaws.com/tei:2.0.1-tei1.8.2-gpu-py310-cu122-ubuntu22.04",
      /HF_MODEL_ID/,
    ],
    ["vllm", "public.ecr.aws/deep-learning-containers/vllm:omni-cuda-v1.0.0", /vLLM-Omni/],
    ["llama.cpp", "ghcr.io/ggml-org/llama.cpp:light-cuda-b10573", /no server/],
  ])("%s: %s", (server, image, what) => {
    const other = otherImage(server, image);
    expect(other?.what).toMatch(what);
    expect(other?.source).toMatch(/\w/);
    expect(Object.keys(other?.instead ?? {})).toContain(server);
  });

  test.each(Object.entries(SERVER_IMAGES))("is not the usual one of %s", (server, image) => {
    expect(otherImage(server as ServerName, image)).toBeUndefined();
  });

  test("is not AWS's for EC2, one for embeddings by its digest, nor any as a custom server", () => {
    expect(otherImage("vllm", `${AWS}/vllm:0.18-gpu-py312-cu129-ubuntu22.04-ec2`)).toBeUndefined();
    expect(
      otherImage("vllm", "public.ecr.aws/deep-learning-containers/vllm:server-cuda-v1.0.0"),
    ).toBeUndefined();
    expect(otherImage("tei", "ghcr.io/huggingface/text-embeddings-inference:cuda-1.9")).toBeUndefined();
    expect(otherImage("llama.cpp", "ghcr.io/ggml-org/llama.cpp:full-cuda-b10573")).toBeUndefined();
    expect(otherImage("custom", `${AWS}/djl-inference:0.33.0-lmi15.0.0-cu128`)).toBeUndefined();
  });
});
